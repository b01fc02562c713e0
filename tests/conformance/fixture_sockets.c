/* Listening and dialling of the fixture. */
#include "fixture.h"

struct listener {
  struct instance* instance;
  fairlead_listener* kernel;
  fairlead_loop* loop;
  fairlead_watch* watch;
  fairlead_timer* again;
  int fd;
  struct sockaddr_un address;
};

fairlead_status refuse(fairlead_error* error, fairlead_status status, const char* text) {
  error->os_errno = errno;
  error->text_size = (uint32_t)strlen(text);
  memcpy(error->text, text, error->text_size);
  return status;
}

static int fill(struct sockaddr_un* to, fairlead_text address) {
  memset(to, 0, sizeof *to);
  to->sun_family = AF_UNIX;
  if (address.size == 0 || address.size >= sizeof to->sun_path) return -1;
  memcpy(to->sun_path, address.data, address.size);
  return 0;
}

static void accept_again(void* arg) {
  struct listener* l = arg;
  l->again = NULL;
  l->instance->host->rewatch(l->watch, FAIRLEAD_READABLE);
}

static void pause_accepting(struct listener* l) {
#ifdef FAULT_SPINS
  (void)l, (void)accept_again;
#else
  if (l->again == NULL &&
      l->instance->host->timer(l->loop, 100000000, accept_again, l, &l->again) == FAIRLEAD_OK)
    l->instance->host->rewatch(l->watch, 0);
#endif
}

static void listener_ready(void* arg, uint32_t events) {
  struct listener* l = arg;
  const int fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  struct conn* c = NULL;
  (void)events;
  if (fd < 0) {
    if (errno != EAGAIN) pause_accepting(l);
    return;
  }
  c = make_conn(l->instance, l->loop, fd, 0);
  if (c == NULL) {
    close(fd);
    return;
  }
  if (l->instance->host->accepted(l->kernel, c, &c->kernel) == FAIRLEAD_OK) return;
#ifdef FAULT_LEAKS_REFUSED
  l->instance->host->unwatch(c->watch);
  free(c);
#else
  do_release(c);
#endif
}

fairlead_status do_listen(void* self, fairlead_loop* loop, fairlead_text address, fairlead_listener* kernel,
                          void** out, fairlead_error* error) {
  struct instance* instance = self;
  struct listener* l = calloc(1, sizeof *l);
  const struct sockaddr* generic = NULL;
  fairlead_status status = FAIRLEAD_OK;
  if (l == NULL || fill(&l->address, address) != 0) {
    free(l);
    return refuse(error, FAIRLEAD_E_CONFIG, "the address is no path for a socket");
  }
  generic = (const struct sockaddr*)(const void*)&l->address;
#ifdef FAULT_STEALS_ADDRESS
  unlink(l->address.sun_path);
#endif
  l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (l->fd < 0)
    status = refuse(error, FAIRLEAD_E_NO_RESOURCE, "no descriptor is left");
  else if (bind(l->fd, generic, sizeof l->address) != 0 || listen(l->fd, 128) != 0)
    status =
        refuse(error, errno == EADDRINUSE ? FAIRLEAD_E_ADDRESS_IN_USE : FAIRLEAD_E_DENIED, "cannot bind");
  else if (instance->host->watch(loop, l->fd, FAIRLEAD_READABLE, listener_ready, l, &l->watch) !=
           FAIRLEAD_OK) {
    status = refuse(error, FAIRLEAD_E_NO_RESOURCE, "the kernel watches no more");
    unlink(l->address.sun_path);
  }
  if (status != FAIRLEAD_OK) {
    if (l->fd >= 0) close(l->fd);
    free(l);
    return status;
  }
  l->instance = instance;
  l->kernel = kernel;
  l->loop = loop;
  ++instance->listeners;
  *out = l;
  return FAIRLEAD_OK;
}

fairlead_status do_connect(void* self, fairlead_loop* loop, fairlead_text address, fairlead_conn* kernel,
                           void** out, fairlead_error* error) {
  struct instance* instance = self;
  struct sockaddr_un where;
  struct conn* c = NULL;
  int fd = -1;
  if (!instances_work())
    return refuse(error, FAIRLEAD_E_INTERNAL, "another instance took everything with it");
  if (fill(&where, address) != 0)
    return refuse(error, FAIRLEAD_E_CONFIG, "the address is no path for a socket");
  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return refuse(error, FAIRLEAD_E_NO_RESOURCE, "no descriptor is left");
  if (connect(fd, (const struct sockaddr*)(const void*)&where, sizeof where) != 0) {
    close(fd);
#ifdef FAULT_REFUSED_TWICE
    instance->host->closed(kernel, FAIRLEAD_E_REFUSED, (fairlead_text){"refused", 7});
#endif
    return refuse(error, FAIRLEAD_E_REFUSED, "nobody listens there");
  }
  c = make_conn(instance, loop, fd, 1);
  if (c == NULL) {
    close(fd);
    return refuse(error, FAIRLEAD_E_NO_RESOURCE, "the kernel watches no more");
  }
  c->kernel = kernel;
  *out = c;
  return FAIRLEAD_OK;
}

fairlead_status do_listener_address(void* self, fairlead_text* out) {
  const struct listener* l = self;
  out->data = l->address.sun_path;
  out->size = strlen(l->address.sun_path);
  return FAIRLEAD_OK;
}

void do_listener_close(void* self) {
  struct listener* l = self;
  --l->instance->listeners;
  if (l->again != NULL) l->instance->host->cancel(l->again);
  l->instance->host->unwatch(l->watch);
  unlink(l->address.sun_path);
  close(l->fd);
  free(l);
}
