/**
 * A shell command that tells the story of one small run: paste it and the run is there. Each paste makes a run of its own.
 * @param key the whole ingest key, or a placeholder where it is not known any more.
 */
export function firstRunSnippet(options: { url: string; key: string }): string {
  return `run=hello-$(date +%s) now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
curl -sS ${options.url}/api/v1/events \\
  -H 'Authorization: Bearer ${options.key}' \\
  -H 'Content-Type: application/json' --data-binary @- <<EOF
{"events":[
{"id":"$run:1","type":"run.started","run":"$run","at":"$now","workflow":"hello",
 "agent":"me","plan":["greet"]},
{"id":"$run:2","type":"step.started","run":"$run","at":"$now","step":"greet"},
{"id":"$run:3","type":"span","run":"$run","span":"a1","kind":"llm","name":"say hello",
 "step":"greet","start":"$now","end":"$now","provider":"anthropic","model":"claude-sonnet-4-5",
 "usage":{"input":1200,"cache_read":9000,"output":310},"status":"ok"},
{"id":"$run:4","type":"step.finished","run":"$run","at":"$now","step":"greet","outcome":"succeeded"},
{"id":"$run:5","type":"run.finished","run":"$run","at":"$now","outcome":"succeeded"}
]}
EOF`
}
