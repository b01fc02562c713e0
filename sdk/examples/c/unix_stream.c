/* The transport "c-unix" in plain C: a clear byte stream over a Unix-domain socket.
 *
 * gcc -O2 -Wall -shared -fPIC -Wl,-z,now $(pkg-config --cflags fairlead) unix_stream.c -o unix_stream.so
 *
 * The socket's path is the option `path`, or the address when that begins with a slash. Needs nothing but
 * libc. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "fairlead/transport.h"

enum { ROOM = 65536, AT_ONCE = 64 };             /* bytes asked for at once; slices written at once */
static const uint64_t kRestNs = 100u * 1000000u; /* how long a listener rests when descriptors run out */

typedef struct instance {
  const fairlead_host* host;
  char path[108]; /* as in sockaddr_un; empty: from the address */
} instance;

typedef struct listener {
  const fairlead_host* host;
  fairlead_loop* loop;
  fairlead_listener* kernel;
  int fd;
  fairlead_watch* watch;
  fairlead_timer* rest; /* NULL unless it rests */
  struct sockaddr_un where;
} listener;

typedef struct connection {
  const fairlead_host* host;
  fairlead_conn* kernel;
  int fd;
  fairlead_watch* watch;
  bool open, reading, draining;
  bool refused, ended;  /* tx_ready() is owed; closed() was called and nothing follows */
  struct iovec* slices; /* of the send in flight, NULL when there is none */
  size_t first, count;
  uint64_t cookie;
} connection;

static fairlead_status status_of(int error) {
  switch (error) {
    case EAGAIN: /* a Unix listener whose queue is full */
    case ENOENT:
    case ECONNREFUSED:
      return FAIRLEAD_E_REFUSED;
    case EADDRINUSE:
      return FAIRLEAD_E_ADDRESS_IN_USE;
    case EACCES:
    case EPERM:
      return FAIRLEAD_E_DENIED;
    case EPIPE:
    case ECONNRESET:
      return FAIRLEAD_E_RESET;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return FAIRLEAD_E_NO_RESOURCE;
    default:
      return FAIRLEAD_E_INTERNAL;
  }
}

static fairlead_text text(const char* words) { return (fairlead_text){words, strlen(words)}; }

static fairlead_status fail(fairlead_error* error, fairlead_status status, int os_errno, const char* words) {
  error->os_errno = os_errno;
  error->text_size = (uint32_t)strlen(words);
  memcpy(error->text, words, error->text_size);
  return status;
}

/* ---- connections ---- */

static void finish(connection* self, fairlead_status why, const char* detail) {
  if (self->ended) return;
  self->ended = true;
  if (self->watch != NULL) self->host->rewatch(self->watch, 0);
  shutdown(self->fd, SHUT_RDWR); /* the peer sees the end now */
  if (self->slices != NULL) {
    free(self->slices);
    self->slices = NULL;
    self->host->tx_done(self->kernel, self->cookie, why);
  }
  self->host->closed(self->kernel, why, text(detail));
}

static void want(connection* self) {
  uint32_t events = 0;
  if (self->ended) return;
  if (self->reading || self->draining) events |= FAIRLEAD_READABLE;
  if (self->slices != NULL || !self->open) events |= FAIRLEAD_WRITABLE;
  self->host->rewatch(self->watch, events);
}

/* Writes what the socket takes of the send in flight. */
static void flush(connection* self) {
  while (self->first < self->count) {
    const size_t left = self->count - self->first;
    struct msghdr message = {.msg_iov = self->slices + self->first,
                             .msg_iovlen = left < AT_ONCE ? left : AT_ONCE};
    ssize_t written = sendmsg(self->fd, &message, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) return;
    if (written < 0) {
      finish(self, status_of(errno), "cannot send");
      return;
    }
    while (self->first < self->count && (size_t)written >= self->slices[self->first].iov_len)
      written -= (ssize_t)self->slices[self->first++].iov_len;
    if (self->first == self->count) break;
    self->slices[self->first].iov_base = (char*)self->slices[self->first].iov_base + written;
    self->slices[self->first].iov_len -= (size_t)written;
  }
  if (self->slices != NULL) {
    free(self->slices);
    self->slices = NULL;
    self->host->tx_done(self->kernel, self->cookie, FAIRLEAD_OK);
    if (self->refused) self->host->tx_ready(self->kernel);
    self->refused = false;
  }
  if (self->draining) shutdown(self->fd, SHUT_WR);
}

/* Reads into the kernel's room, once for each time the socket is ready; a draining connection throws input
 * away. */
static void receive(connection* self) {
  uint8_t* space = NULL;
  uint8_t waste[4096];
  size_t size = sizeof waste;
  if (!self->draining && self->host->rx_reserve(self->kernel, ROOM, &space, &size) != FAIRLEAD_OK) {
    self->reading = false;
    return;
  }
  const ssize_t got = recv(self->fd, self->draining ? waste : space, size, 0);
  if (got > 0 && !self->draining && self->host->rx_commit(self->kernel, (size_t)got) != FAIRLEAD_OK)
    self->reading = false;
  if (got == 0) finish(self, FAIRLEAD_E_CLOSED, "closed by the peer");
  if (got < 0 && errno != EAGAIN && errno != EINTR) finish(self, status_of(errno), "cannot receive");
}

static void connection_ready(void* arg, uint32_t events) {
  connection* self = arg;
  if (!self->open) {
    self->open = true;
    self->host->opened(self->kernel);
  } else {
    if ((events & FAIRLEAD_WRITABLE) != 0 && self->slices != NULL) flush(self);
    if ((events & (FAIRLEAD_READABLE | FAIRLEAD_HANGUP)) != 0 && !self->ended &&
        (self->reading || self->draining))
      receive(self);
  }
  want(self);
}

/* Takes `fd` over; NULL, and `fd` closed, when there is no memory or no watch left. */
static connection* make_connection(const fairlead_host* host, fairlead_loop* loop, int fd) {
  connection* self = calloc(1, sizeof *self);
  if (self != NULL) {
    self->host = host;
    self->fd = fd;
    self->reading = true;
    /* Writable means connected, and opened() may only be called from a callback. */
    if (host->watch(loop, fd, FAIRLEAD_WRITABLE, connection_ready, self, &self->watch) == FAIRLEAD_OK)
      return self;
  }
  free(self);
  close(fd);
  return NULL;
}

static void release(void* conn) {
  connection* self = conn;
  self->host->unwatch(self->watch);
  close(self->fd);
  free(self->slices);
  free(self);
}

static fairlead_status send_slices(void* conn, const fairlead_bytes* slices, uint32_t count,
                                   uint64_t cookie) {
  connection* self = conn;
  if (self->ended || self->draining) return FAIRLEAD_E_CLOSED;
  if (self->slices != NULL) {
    self->refused = true;
    return FAIRLEAD_AGAIN;
  }
  self->slices = calloc(count + 1u, sizeof *self->slices);
  if (self->slices == NULL) return FAIRLEAD_E_NO_RESOURCE;
  for (uint32_t i = 0; i < count; ++i)
    self->slices[i] = (struct iovec){.iov_base = (void*)slices[i].data, .iov_len = slices[i].size};
  self->first = 0;
  self->count = count;
  self->cookie = cookie;
  flush(self);
  want(self);
  return FAIRLEAD_OK;
}

static void set_reading(void* conn, int32_t on) {
  connection* self = conn;
  self->reading = on != 0;
  want(self);
}

static void close_connection(void* conn, int32_t mode) {
  connection* self = conn;
  if (self->ended) return;
  if (mode == FAIRLEAD_CLOSE_ABORT || !self->open) {
    finish(self, FAIRLEAD_E_CLOSED, "closed locally");
    return;
  }
  if (self->draining) return;
  self->draining = true;
  flush(self);
  want(self);
}

static fairlead_status peer(void* conn, fairlead_peer* out) {
  (void)conn, (void)out; /* a clear transport proves nothing */
  return FAIRLEAD_OK;
}

/* ---- listeners ---- */

static void accept_again(void* arg) {
  listener* self = arg;
  self->rest = NULL;
  self->host->rewatch(self->watch, FAIRLEAD_READABLE);
}

static void listener_ready(void* arg, uint32_t events) {
  listener* self = arg;
  (void)events;
  const int fd = accept(self->fd, NULL, NULL);
  if (fd < 0) {
    const bool is_scarce = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
    /* The loop is level-triggered: without a rest it would come back at once, for ever. */
    if (is_scarce && self->host->timer(self->loop, kRestNs, accept_again, self, &self->rest) == FAIRLEAD_OK)
      self->host->rewatch(self->watch, 0);
    return;
  }
  fcntl(fd, F_SETFL, O_NONBLOCK);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  connection* made = make_connection(self->host, self->loop, fd);
  if (made != NULL && self->host->accepted(self->kernel, made, &made->kernel) < 0) release(made);
}

static int open_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

/* Where to listen or connect; false when no path was given, or a too long one. */
static bool find_path(const instance* self, fairlead_text address, struct sockaddr_un* where) {
  const bool is_path = address.size > 0 && address.data[0] == '/';
  const fairlead_text path = is_path ? address : text(self->path);
  if (path.size == 0 || path.size >= sizeof where->sun_path) return false;
  memset(where, 0, sizeof *where);
  where->sun_family = AF_UNIX;
  memcpy(where->sun_path, path.data, path.size);
  return true;
}

/* A socket that a killed listener left behind answers nobody; a living one is left alone. */
static void remove_left_over(const struct sockaddr_un* where) {
  const int fd = open_socket();
  if (fd >= 0 && connect(fd, (const struct sockaddr*)where, sizeof *where) != 0 && errno == ECONNREFUSED)
    unlink(where->sun_path);
  if (fd >= 0) close(fd);
}

static void listener_close(void* arg) {
  listener* self = arg;
  if (self->rest != NULL) self->host->cancel(self->rest);
  if (self->watch != NULL) self->host->unwatch(self->watch);
  if (self->fd >= 0) close(self->fd);
  unlink(self->where.sun_path);
  free(self);
}

static fairlead_status listen_on(void* arg, fairlead_loop* loop, fairlead_text address,
                                 fairlead_listener* kernel, void** out, fairlead_error* error) {
  const instance* owner = arg;
  struct sockaddr_un where;
  if (!find_path(owner, address, &where))
    return fail(error, FAIRLEAD_E_CONFIG, 0, "option path: give a path of 1 to 107 bytes to listen on");
  const int fd = open_socket();
  if (fd < 0) return fail(error, status_of(errno), errno, "cannot make a socket");
  remove_left_over(&where);
  if (bind(fd, (const struct sockaddr*)&where, sizeof where) != 0 || listen(fd, SOMAXCONN) != 0) {
    const int os_errno = errno;
    close(fd);
    return fail(error, status_of(os_errno), os_errno, "cannot listen on the path");
  }
  listener* self = calloc(1, sizeof *self);
  if (self == NULL) {
    close(fd);
    unlink(where.sun_path);
    return fail(error, FAIRLEAD_E_NO_RESOURCE, ENOMEM, "out of memory");
  }
  *self = (listener){.host = owner->host, .loop = loop, .kernel = kernel, .fd = fd, .where = where};
  if (self->host->watch(loop, fd, FAIRLEAD_READABLE, listener_ready, self, &self->watch) != FAIRLEAD_OK) {
    listener_close(self);
    return fail(error, FAIRLEAD_E_NO_RESOURCE, 0, "the kernel refused to watch a descriptor");
  }
  *out = self;
  return FAIRLEAD_OK;
}

static fairlead_status listener_address(void* arg, fairlead_text* out) {
  const listener* self = arg;
  *out = text(self->where.sun_path);
  return FAIRLEAD_OK;
}

/* ---- the transport ---- */

static fairlead_status connect_to(void* arg, fairlead_loop* loop, fairlead_text address,
                                  fairlead_conn* kernel, void** out, fairlead_error* error) {
  const instance* self = arg;
  struct sockaddr_un where;
  if (!find_path(self, address, &where))
    return fail(error, FAIRLEAD_E_CONFIG, 0, "option path: give a path of 1 to 107 bytes to connect to");
  const int fd = open_socket();
  if (fd < 0) return fail(error, status_of(errno), errno, "cannot make a socket");
  if (connect(fd, (const struct sockaddr*)&where, sizeof where) != 0) {
    const int os_errno = errno;
    close(fd);
    return fail(error, status_of(os_errno), os_errno, "cannot connect to the path");
  }
  connection* made = make_connection(self->host, loop, fd);
  if (made == NULL) return fail(error, FAIRLEAD_E_NO_RESOURCE, 0, "no memory or no watch left");
  made->kernel = kernel;
  *out = made;
  return FAIRLEAD_OK;
}

static fairlead_status create(const fairlead_host* host, const fairlead_config* config, void** out,
                              fairlead_error* error) {
  instance* self = calloc(1, sizeof *self);
  if (self == NULL) return fail(error, FAIRLEAD_E_NO_RESOURCE, ENOMEM, "out of memory");
  self->host = host;
  for (uint32_t i = 0; i < config->count; ++i) {
    /* By the stride, not by sizeof: a newer kernel's values are longer. */
    const void* at = (const char*)config->values + (size_t)i * config->value_size;
    const fairlead_value* value = at;
    if (strcmp(value->name, "path") != 0) continue;
    if (value->text.size >= sizeof self->path) {
      free(self);
      return fail(error, FAIRLEAD_E_CONFIG, 0, "option path: at most 107 bytes");
    }
    memcpy(self->path, value->text.data, value->text.size);
  }
  *out = self;
  return FAIRLEAD_OK;
}

static void destroy(void* self) { free(self); }

static const char* const kSchemes[] = {"c-unix", NULL};
static const fairlead_option kOptions[] = {
    {.name = "path", .help = "Path of the socket, when the address is none", .type = FAIRLEAD_PATH},
    {.name = NULL},
};

const fairlead_transport fairlead_transport_v1 = {
    .magic = FAIRLEAD_TRANSPORT_MAGIC,
    .struct_size = sizeof(fairlead_transport),
    .abi_major = FAIRLEAD_ABI_MAJOR,
    .abi_minor = FAIRLEAD_ABI_MINOR,
    .caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_REPORTS_LOSS,
    .id = "org.example.c-unix",
    .version = "1.0.0",
    .vendor = "Example",
    .license = "Apache-2.0",
    .summary = "Clear byte stream over a Unix-domain socket, in plain C",
    .schemes = kSchemes,
    .options = kOptions,
    .option_size = sizeof(fairlead_option),
    .create = create,
    .destroy = destroy,
    .listen = listen_on,
    .connect = connect_to,
    .listener_address = listener_address,
    .listener_close = listener_close,
    .send = send_slices,
    .set_reading = set_reading,
    .close = close_connection,
    .peer = peer,
    .release = release,
};
