#include <memory>
#include <new>

#include "node/c_api_error.hpp"
#include "node/c_api_message.hpp"
#include "node/c_api_node.hpp"

namespace base = fairlead::base;
namespace node = fairlead::node;
namespace frame = fairlead::frame;

/// Holds the kernel's responder for a program that answers later.
struct fairlead_responder {
  std::shared_ptr<node::Responder> inner;
  std::shared_ptr<node::ReplyGate> gate;  // owners: the node and its responders

  void reply(base::Slice payload, frame::UserHeaders headers) {
    const std::lock_guard lock(gate->mutex);
    if (gate->open) inner->reply(std::move(payload), std::move(headers));
  }
};

namespace {

/// What version 1.0 of node.h ended with; programs of that time are not refused when a struct grows.
constexpr size_t kFirstOptions =
    offsetof(fairlead_node_options, log_ctx) + sizeof(fairlead_node_options::log_ctx);
constexpr size_t kFirstEvents = offsetof(fairlead_node_events, ended) + sizeof(fairlead_node_events::ended);
constexpr uint64_t kLongestDeadlineMs = 24ull * 60 * 60 * 1000;
constexpr uint64_t kLongestDrainMs = kLongestDeadlineMs;

/// Runs one call of the C ABI: an Error becomes status and text, and running out of memory becomes a status
/// too.
template <class Body>
fairlead_status guarded(fairlead_node_error* error, Body body) noexcept {
  try {
    const base::Status done = body();
    return done.has_value() ? FAIRLEAD_OK : node::report(done.error(), error);
  } catch (const std::bad_alloc&) {
    return FAIRLEAD_E_NO_RESOURCE;
  }
}

tl::unexpected<base::Error> unusable(std::string what) {
  return base::fail(base::ErrorCode::bad_arguments, std::move(what), "see fairlead/node.h");
}

std::string copy(fairlead_text text) { return {text.data, text.size}; }

fairlead_status open(const fairlead_node_options* options, fairlead_node** out, fairlead_node_error* error,
                     fairlead_node::Role role) {
  return guarded(error, [&]() -> base::Status {
    if (options == nullptr || out == nullptr) return unusable("options or out is NULL");
    if (options->struct_size < kFirstOptions) return unusable("fairlead_node_options is too small");
    if (options->kit.size == 0) return unusable("no kit was named");
    FAIRLEAD_TRY(std::unique_ptr<fairlead_node> made, fairlead_node::open(*options, role));
    *out = made.release();
    return {};
  });
}

base::Status check(const fairlead_node* self, const fairlead_node_events* events) {
  if (self == nullptr) return unusable("node is NULL");
  if (events != nullptr && events->struct_size < kFirstEvents)
    return unusable("fairlead_node_events is too small");
  return {};
}

/// The `done` of a send or a reload: runs once, and with "closed" when the node forgets it.
class SentOnce {
 public:
  SentOnce(fairlead_sent done, void* ctx) noexcept : done_(done), ctx_(ctx) {}
  SentOnce(const SentOnce&) = delete;
  SentOnce& operator=(const SentOnce&) = delete;
  ~SentOnce() { (*this)(tl::unexpected<base::Error>(node::closed_error())); }

  void operator()(const base::Status& status) {
    const fairlead_sent done = std::exchange(done_, nullptr);
    if (done == nullptr) return;
    if (status.has_value()) return done(ctx_, nullptr);
    const fairlead_node_error error = node::to_c(status.error());
    done(ctx_, &error);
  }

 private:
  fairlead_sent done_;
  void* ctx_;
};

/// The `done` of a request: runs once, and with "closed" when the node forgets it.
class AnsweredOnce {
 public:
  AnsweredOnce(fairlead_answered done, void* ctx) noexcept : done_(done), ctx_(ctx) {}
  AnsweredOnce(const AnsweredOnce&) = delete;
  AnsweredOnce& operator=(const AnsweredOnce&) = delete;
  ~AnsweredOnce() { fail(node::closed_error()); }

  void operator()(const base::Result<node::Received>& reply) {
    if (!reply.has_value()) return fail(reply.error());
    const node::OwnedMessage box(std::make_unique<node::MessageBox>(*reply).release());
    if (const fairlead_answered done = std::exchange(done_, nullptr); done != nullptr)
      done(ctx_, box.get(), nullptr);
  }

 private:
  void fail(const base::Error& why) {
    const fairlead_answered done = std::exchange(done_, nullptr);
    if (done == nullptr) return;
    const fairlead_node_error error = node::to_c(why);
    done(ctx_, nullptr, &error);
  }

  fairlead_answered done_;
  void* ctx_;
};

base::Status reload(fairlead_node& self, fairlead_reloaded done, void* ctx) {
  if (self.is_over()) return tl::unexpected<base::Error>(node::closed_error());
  if (done == nullptr) {
    self.messenger().reload({});
    return {};
  }
  auto once = std::make_shared<SentOnce>(done, ctx);
  self.messenger().reload([once](const base::Status& status) { (*once)(status); });
  return {};
}

base::Status send(fairlead_node& self, const fairlead_outgoing& message, fairlead_sent done, void* ctx) {
  if (self.is_over()) return tl::unexpected<base::Error>(node::closed_error());
  FAIRLEAD_TRY(node::Outgoing outgoing, node::take_outgoing(message));
  if (done == nullptr) {
    self.messenger().send(std::move(outgoing), {});
    return {};
  }
  auto once = std::make_shared<SentOnce>(done, ctx);
  self.messenger().send(std::move(outgoing), [once](const base::Status& status) { (*once)(status); });
  return {};
}

base::Status request(fairlead_node& self, const fairlead_outgoing& message,
                     std::chrono::milliseconds deadline, fairlead_answered done, void* ctx) {
  if (self.is_over()) return tl::unexpected<base::Error>(node::closed_error());
  FAIRLEAD_TRY(node::Outgoing outgoing, node::take_outgoing(message));
  auto once = std::make_shared<AnsweredOnce>(done, ctx);
  self.messenger().request(std::move(outgoing), deadline,
                           [once](const base::Result<node::Received>& reply) { (*once)(reply); });
  return {};
}

node::Handler wrap(fairlead_handler handler, void* ctx, std::shared_ptr<node::ReplyGate> gate) {
  return [handler, ctx, gate = std::move(gate)](const node::Received& message,
                                                std::shared_ptr<node::Responder> responder) {
    const node::OwnedMessage box(std::make_unique<node::MessageBox>(message).release());
    auto duty = responder != nullptr ? std::make_unique<fairlead_responder>() : nullptr;
    if (duty != nullptr) *duty = {std::move(responder), gate};
    handler(ctx, box.get(), duty.release());
  };
}

}  // namespace

extern "C" {

fairlead_status fairlead_client_open(const fairlead_node_options* options, fairlead_node** out,
                                     fairlead_node_error* error) {
  return open(options, out, error, fairlead_node::Role::client);
}

fairlead_status fairlead_server_open(const fairlead_node_options* options, fairlead_node** out,
                                     fairlead_node_error* error) {
  return open(options, out, error, fairlead_node::Role::server);
}

fairlead_status fairlead_node_start(fairlead_node* self, const fairlead_node_events* events,
                                    fairlead_node_error* error) {
  return guarded(error, [&]() -> base::Status {
    FAIRLEAD_TRY(check(self, events));
    return self->start(events);
  });
}

fairlead_status fairlead_node_run(fairlead_node* self, const fairlead_node_events* events,
                                  fairlead_node_error* error) {
  return guarded(error, [&]() -> base::Status {
    FAIRLEAD_TRY(check(self, events));
    return self->run(events);
  });
}

fairlead_status fairlead_node_drain(fairlead_node* self, uint64_t limit_ms) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr) return unusable("node is NULL");
    return self->drain(std::chrono::milliseconds(std::min(limit_ms, kLongestDrainMs)));
  });
}

fairlead_status fairlead_node_reload(fairlead_node* self, fairlead_reloaded done, void* ctx) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr) return unusable("node is NULL");
    return reload(*self, done, ctx);
  });
}

void fairlead_node_close(fairlead_node* self) { const std::unique_ptr<fairlead_node> gone(self); }

fairlead_status fairlead_node_on(fairlead_node* self, fairlead_text topic, fairlead_handler handler,
                                 void* ctx) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr || handler == nullptr || topic.size == 0)
      return unusable("node, topic or handler is missing");
    self->messenger().on(copy(topic), wrap(handler, ctx, self->reply_gate()));
    return {};
  });
}

fairlead_status fairlead_node_send(fairlead_node* self, const fairlead_outgoing* message, fairlead_sent done,
                                   void* ctx) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr || message == nullptr) return unusable("node or message is NULL");
    return send(*self, *message, done, ctx);
  });
}

fairlead_status fairlead_node_request(fairlead_node* self, const fairlead_outgoing* message,
                                      uint64_t deadline_ms, fairlead_answered done, void* ctx) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr || message == nullptr) return unusable("node or message is NULL");
    if (deadline_ms == 0 || deadline_ms > kLongestDeadlineMs) return unusable("a deadline is 1 ms to 24 h");
    return request(*self, *message, std::chrono::milliseconds(deadline_ms), done, ctx);
  });
}

fairlead_status fairlead_responder_reply(fairlead_responder* responder, const fairlead_outgoing* answer) {
  return guarded(nullptr, [&]() -> base::Status {
    if (responder == nullptr || answer == nullptr) return unusable("responder or answer is NULL");
    FAIRLEAD_TRY(node::Outgoing taken, node::take_answer(*answer));
    const std::unique_ptr<fairlead_responder> spent(responder);
    spent->reply(std::move(taken.payload), std::move(taken.headers));
    return {};
  });
}

void fairlead_responder_refuse(fairlead_responder* responder, fairlead_text reason, fairlead_text text) {
  const std::unique_ptr<fairlead_responder> spent(responder);
  if (spent != nullptr)
    spent->reply(base::copy_to_slice({}), node::refusal_headers(copy(reason), copy(text)));
}

void fairlead_responder_drop(fairlead_responder* responder) {
  const std::unique_ptr<fairlead_responder> spent(responder);
}

fairlead_text fairlead_node_endpoint(const fairlead_node* self) {
  const std::string& endpoint = self->messenger().endpoint();
  return {endpoint.data(), endpoint.size()};
}

int32_t fairlead_node_is_home(const fairlead_node* self) { return self->is_home() ? 1 : 0; }

fairlead_status fairlead_node_status(fairlead_node* self, void (*write)(void* ctx, fairlead_text json),
                                     void* ctx) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr || write == nullptr) return unusable("node or write is NULL");
    FAIRLEAD_TRY(const std::string json, self->status());
    write(ctx, {json.data(), json.size()});
    return {};
  });
}

fairlead_status fairlead_node_privacy(fairlead_node* self, void (*write)(void* ctx, fairlead_text json),
                                      void* ctx) {
  return guarded(nullptr, [&]() -> base::Status {
    if (self == nullptr || write == nullptr) return unusable("node or write is NULL");
    FAIRLEAD_TRY(const std::string json, self->privacy());
    write(ctx, {json.data(), json.size()});
    return {};
  });
}

}  // extern "C"
