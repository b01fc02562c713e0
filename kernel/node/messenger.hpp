/// Messenger: what a running node offers to an application, the same at a server and at a client.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "auth/message.hpp"
#include "auth/verified.hpp"
#include "base/result.hpp"
#include "base/slice.hpp"

namespace fairlead::node {

/// A message the application wants to send. `from` is this node's own endpoint.
struct Outgoing {
  std::string to, topic;
  base::Slice payload;
  frame::UserHeaders headers;
  std::optional<base::Digest> content_sha256;
};

/// Takes the answer to one request. Call reply at most once, from any thread; without it the request times
/// out.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual void reply(base::Slice payload, frame::UserHeaders headers) = 0;
};

using Received = auth::Verified<auth::Message>;
/// Runs on the node's loop: keep it short, hand long work to a thread. `responder` is empty for a oneway
/// message.
using Handler = std::function<void(const Received& message, std::shared_ptr<Responder> responder)>;
/// The reply, or why there is none: refused (Error::reason is the refusal's name), timed_out, cannot_connect.
using ReplyDone = std::function<void(base::Result<Received> reply)>;
using Done = std::function<void(base::Status status)>;

/// Thread rule: any thread unless a comment says otherwise; callbacks run on the node's loop.
class Messenger {
 public:
  virtual ~Messenger() = default;
  /// Own endpoint, such as "site-1" or "server".
  virtual const std::string& endpoint() const noexcept = 0;
  /// The site's privacy resources, KIT/local/privacy.json as it stands; empty when it has none or the project
  /// says secure_train: false. [home]
  virtual const std::string& privacy() const noexcept = 0;
  /// Messages with this topic go to the handler; `*` takes those that no other handler wants. Replaces an
  /// older one.
  virtual void on(std::string topic, Handler handler) = 0;
  /// Oneway. `done` says whether the server admitted and routed it (client), or it was routed (server).
  virtual void send(Outgoing message, Done done) = 0;
  virtual void request(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done) = 0;
  /// Opens the kit in its place again and goes over to it: certificates, keys, tokens, policy, time-outs,
  /// plugin options. Connections and sessions go on as they are. `done`, when there is one, gets why not:
  /// then everything is as it was. refused when the kit is of somebody else or needs other sockets.
  virtual void reload(Done done) = 0;
  /// Ends in order: nothing new in, what is under way up to `limit`, flush, close. `done` once all is over.
  virtual void drain(std::chrono::milliseconds limit, std::function<void()> done) = 0;
};

}  // namespace fairlead::node
