// C thunks: one template per table slot; every exception becomes a status here and nowhere else.
#include <algorithm>
#include <cstring>
#include <new>

namespace fairlead::transport::detail {

inline fairlead_status fail(fairlead_error* out, fairlead_status status, int os_errno,
                            std::string_view what) noexcept {
  if (out != nullptr) {
    out->os_errno = os_errno;
    out->text_size = static_cast<uint32_t>(std::min(what.size(), sizeof out->text));
    std::memcpy(out->text, what.data(), out->text_size);
  }
  return status;
}

template <class Body>
fairlead_status guard(fairlead_error* out, Body&& body) noexcept {
  try {
    return body();
  } catch (const Error& e) {
    return fail(out, e.status(), e.os_errno(), e.what());
  } catch (const std::bad_alloc&) {
    return fail(out, FAIRLEAD_E_NO_RESOURCE, ENOMEM, "out of memory");
  } catch (const std::exception& e) {
    return fail(out, FAIRLEAD_E_INTERNAL, 0, e.what());
  } catch (...) {
    return fail(out, FAIRLEAD_E_INTERNAL, 0, "unknown exception");
  }
}

inline Connection& connection(void* p) noexcept { return *static_cast<Connection*>(p); }

/// Copies what `from` holds into as much of `out` as its owner knows about.
inline void copy_peer(const fairlead_peer& from, fairlead_peer& out) noexcept {
  const size_t known = std::min<size_t>(out.struct_size, sizeof from);
  constexpr size_t kSkip = sizeof out.struct_size;
  if (known > kSkip)
    std::memcpy(reinterpret_cast<char*>(&out) + kSkip, reinterpret_cast<const char*>(&from) + kSkip,
                known - kSkip);
}

template <class T>
struct Thunks {
  static fairlead_status create(const fairlead_host* host, const fairlead_config* config, void** self,
                                fairlead_error* error) {
    return guard(error, [&] {
      Config(*host, *config).check(T::about.options, sizeof(fairlead_option));
      *self = static_cast<Transport*>(new T(*host, *config));
      return FAIRLEAD_OK;
    });
  }
  static void destroy(void* self) { delete static_cast<Transport*>(self); }
  static fairlead_status reconfigure(void* self, const fairlead_config* config, fairlead_error* error) {
    return guard(error, [&] {
      auto& transport = *static_cast<Transport*>(self);
      Config(transport.host(), *config).check(T::about.options, sizeof(fairlead_option));
      transport.reconfigure(*config);
      return FAIRLEAD_OK;
    });
  }
  static fairlead_status listen(void* self, fairlead_loop* loop, fairlead_text address,
                                fairlead_listener* kernel, void** out, fairlead_error* error) {
    return guard(error, [&] {
      *out = static_cast<Transport*>(self)->listen(loop, view(address), kernel).release();
      return FAIRLEAD_OK;
    });
  }
  static fairlead_status connect(void* self, fairlead_loop* loop, fairlead_text address,
                                 fairlead_conn* kernel, void** out, fairlead_error* error) {
    return guard(error, [&] {
      auto made = static_cast<Transport*>(self)->connect(loop, view(address), kernel);
      made->attach(kernel);
      *out = made.release();
      return FAIRLEAD_OK;
    });
  }
  static fairlead_status listener_address(void* p, fairlead_text* out) {
    return guard(nullptr, [&] {
      *out = text(static_cast<Listener*>(p)->address());
      return FAIRLEAD_OK;
    });
  }
  static void listener_close(void* p) { delete static_cast<Listener*>(p); }
  static fairlead_status send(void* p, const fairlead_bytes* slices, uint32_t count, uint64_t cookie) {
    return guard(nullptr, [&] { return connection(p).send({slices, count}, cookie); });
  }
  static void set_reading(void* p, int32_t on) {
    guard(nullptr, [&] {
      connection(p).set_reading(on != 0);
      return FAIRLEAD_OK;
    });
  }
  static void close(void* p, int32_t mode) {
    guard(nullptr, [&] {
      connection(p).close(mode == FAIRLEAD_CLOSE_DRAIN);
      return FAIRLEAD_OK;
    });
  }
  static fairlead_status peer(void* p, fairlead_peer* out) {
    return guard(nullptr, [&] {
      fairlead_peer filled{};
      const fairlead_status status = connection(p).describe(filled);
      if (status == FAIRLEAD_OK) copy_peer(filled, *out);
      return status;
    });
  }
  static void release(void* p) { delete &connection(p); }
};

/// The finished table for T: the author's `about` plus the header version and every slot.
template <class T>
consteval fairlead_transport table() {
  using Thunk = Thunks<T>;
  const About& about = T::about;
  fairlead_transport t{};
  t.magic = FAIRLEAD_TRANSPORT_MAGIC;
  t.struct_size = sizeof t;
  t.abi_major = FAIRLEAD_ABI_MAJOR;
  t.abi_minor = FAIRLEAD_ABI_MINOR;
  t.needs_host_minor = about.needs_host_minor;
  t.caps = about.caps;
  t.id = about.id;
  t.version = about.version;
  t.vendor = about.vendor;
  t.license = about.license;
  t.summary = about.summary;
  t.schemes = about.schemes;
  t.options = about.options;
  t.option_size = sizeof(fairlead_option);
  t.create = &Thunk::create;
  t.destroy = &Thunk::destroy;
  t.reconfigure = &Thunk::reconfigure;
  t.listen = &Thunk::listen;
  t.connect = &Thunk::connect;
  t.listener_address = &Thunk::listener_address;
  t.listener_close = &Thunk::listener_close;
  t.send = &Thunk::send;
  t.set_reading = &Thunk::set_reading;
  t.close = &Thunk::close;
  t.peer = &Thunk::peer;
  t.release = &Thunk::release;
  return t;
}

}  // namespace fairlead::transport::detail
