/** The part of nodemailer that is used here; it brings no types of its own. */
declare module "nodemailer" {
  export type Envelope = {
    from: string
    to: string[]
    subject: string
    text: string
    messageId: string
    headers: Record<string, string>
    disableFileAccess: true
    disableUrlAccess: true
  }
  export type Transport = {
    sendMail(mail: Envelope): Promise<{ response: string; rejected: string[] }>
    close(): void
  }
  export function createTransport(options: {
    url: string
    connectionTimeout: number
    greetingTimeout: number
    socketTimeout: number
    dnsTimeout: number
  }): Transport
}
