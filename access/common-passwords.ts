/**
 * Roots of the most used passwords, in the simplified form of `password.ts` (small letters, substitutes undone, trailing digits and signs
 * dropped), so that one entry stands for its usual decorations. Short ones matter only as the whole of a decorated or repeated password.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passwords passwort passwd motdepasse contrasena parola senha wachtwoord haslo
  qwerty qwertyuiop qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm asdfghjkl asdfghjklzxcvbnm zxcvbnm qwertz qwertzuiop azerty azertyuiop
  qazwsx qazwsxedc qazwsxedcrfv zaqxsw iqazxsw ioaswedf qweasd qweasdzxc qwerasdf qwerasdfzxcv asdfqwer asdfasdf qwertyqwerty qwertyasdfgh
  abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
  iloveyou iloveyouforever iloveyousomuch ilovemyself ilovemyfamily ilovejesus iloveu loveyou loveme lovers lovely forever
  letmein letmeinnow letmeinplease openthedoor opensesame trustnoone trustnoi
  admin administrator administrador adminadmin adminpassword admini rootroot rootpassword superuser superadmin sysadmin
  welcome welcometo welcomehome welcomeback welcomewelcome changeme changemenow changemeplease changeit default defaultpassword
  master masterkey monkey dragon shadow sunshine princess football baseball basketball superman batman spiderman starwars
  michael jennifer jessica jordan ashley charlie daniel thomas andrew joshua matthew michelle nicole anthony
  hello helloworld hellohello hellokitty whatever mustang harley ranger hunter killer pepper ginger buster soccer hockey
  freedom computer computers internet secret secrets mysecret topsecret secretpassword supersecret supersecretpassword supersecurepassword
  mypassword mypasswordis thisismypassword thisisapassword thisispassword passwordpassword passpass passwordis passwordone
  correcthorsebatterystaple correcthorsebattery correct-horse-battery-staple correcthorse
  example examplepassword testtest testing testpassword testuser testtesttest temp temporary temporarypassword demo demodemo demopassword
  guest guestguest guestpassword user username useruser userpassword login loginlogin pass access accessgranted
  google facebook linkedin microsoft windows samsung apple iphone android chelsea liverpool arsenal barcelona manchester juventus
  andon andonandon andonadmin andonpassword postgres postgresql postgrespassword better-auth-secret yourpassword yourpasswordhere
  januari january february march april august september october november december summer winter spring autumn monday sunday
  chocolate butterfly flower flowers family friends friendship blessed blessing jesuschrist godisgood godislove
  naruto pokemon pikachu minecraft fortnite roblox playstation nintendo xbox starcraft warcraft counterstrike
  trustmeimadoctor nevergonnagiveyouup maytheforcebewithyou thequickbrownfox toinfinityandbeyond
  nothing nopassword donotenter donttouch keepout getmein idontknow idontcare fuckyou fuckoff motherfucker asshole bitch
  zaqiiqaz zaqi qwei qweri qwerty-qwerty ioaswedfr ipassword newpassword oldpassword resetpassword strongpassword verystrongpassword
  goodpassword bestpassword longpassword averylongpassword mylongpassword securepassword verysecurepassword complexpassword
  company companyname companypassword office officeoffice engineer engineering developer developers operations production staging`
    .split(/\s+/)
    .filter(Boolean),
)
