/** Where the snippet takes the key from when none was just made. */
export const KEY_PLACEHOLDER = "$ANDON_KEY"

/**
 * A shell command that sends one run with one priced model call. Ids carry the second, so that it can be sent again and again.
 * @param origin the address of this Andon. @param key a whole ingest key, or the placeholder.
 */
export function firstEventSnippet(origin: string, key: string): string {
  return `RUN=hello-$(date +%s); NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ)
curl -sS ${origin}/api/v1/events \\
  -H "authorization: Bearer ${key}" -H "content-type: application/json" \\
  -d '{"events":[
    {"id":"'$RUN':1","type":"run.started","run":"'$RUN'","at":"'$NOW'","workflow":"hello","plan":["greet"]},
    {"id":"'$RUN':2","type":"step.started","run":"'$RUN'","at":"'$NOW'","step":"greet"},
    {"id":"'$RUN':3","type":"span","run":"'$RUN'","span":"call","kind":"llm","name":"say hello","step":"greet","start":"'$NOW'","end":"'$NOW'","provider":"anthropic","model":"claude-sonnet-4-5","usage":{"input":1200,"output":310},"output":"Hello"},
    {"id":"'$RUN':4","type":"step.finished","run":"'$RUN'","at":"'$NOW'","step":"greet","outcome":"succeeded"},
    {"id":"'$RUN':5","type":"run.finished","run":"'$RUN'","at":"'$NOW'","outcome":"succeeded"}]}'`
}
