// Server-sent events with replay by Last-Event-ID, and switches that break them on purpose.
const RING = 1000
const ring = []
const clients = new Set()
export const stats = { open: 0, most: 0, opened: 0 }
let last = 0

const frame = (event) => `id: ${event.id}\nevent: ${event.name}\ndata: ${event.data}\n\n`

export function emit(name, data) {
  const event = { id: ++last, name, data: JSON.stringify(data) }
  ring.push(event)
  if (ring.length > RING) ring.shift()
  for (const client of clients) client.write(frame(event))
}

export function changed(what, conversation, message = null) {
  emit('conversation_changed', { what, conversation, message, conversation_id: conversation.id })
}

/** Cuts every stream, as a proxy would. */
export function drop() {
  for (const client of clients) client.destroy()
}

export function stream(request, response, url) {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 1000\n\n')
  const since = Number(request.headers['last-event-id'] ?? url.searchParams.get('last_event_id') ?? last)
  const oldest = ring[0]?.id ?? last + 1
  if (since < oldest - 1 || since > last) response.write(`id: ${last}\nevent: resync\ndata: {}\n\n`)
  else for (const event of ring) if (event.id > since) response.write(frame(event))
  clients.add(response)
  stats.opened++
  stats.open = clients.size
  stats.most = Math.max(stats.most, clients.size)
  request.on('close', () => {
    clients.delete(response)
    stats.open = clients.size
  })
}

setInterval(() => {
  for (const client of clients) client.write(`id: ${last}\nevent: hb\ndata: {}\n\n`)
}, 15_000)
