#include "node/c_api_message.hpp"

#include <algorithm>
#include <set>

#include "auth/gate.hpp"
#include "base/names.hpp"
#include "crypto/digest.hpp"
#include "frame/plain_text.hpp"
#include "node/dispatcher.hpp"

namespace fairlead::node {
namespace {

constexpr std::string_view kReservedPrefix = "fairlead-";
constexpr size_t kLongestHeaderName = 255;
/// What version 1.0 of node.h ended with.
constexpr size_t kFirstOutgoing =
    offsetof(fairlead_outgoing, release_arg) + sizeof(fairlead_outgoing::release_arg);
constexpr size_t kLongestReason = sizeof(fairlead_node_error::reason) - 1;
constexpr size_t kLongestTopic = 255;
constexpr size_t kHeaderOverhead = 6;  // u16 and u32 lengths
constexpr uint64_t kLargestPayload = auth::GateLimits{}.max_message;

std::string_view view(fairlead_text text) noexcept { return {text.data, text.size}; }
fairlead_text text(std::string_view view) noexcept { return {view.data(), view.size()}; }
base::ByteView view(fairlead_bytes bytes) noexcept { return {bytes.data, bytes.size}; }

tl::unexpected<base::Error> unusable(std::string what) {
  return base::fail(base::ErrorCode::bad_arguments, std::move(what), "see fairlead/node.h");
}

/// Memory of the embedding program; gives it back when the last slice is gone.
struct LentBlock : base::Block {
  LentBlock(const fairlead_outgoing& message) noexcept
      // The kernel never writes to a block that it was given as payload.
      : Block({const_cast<uint8_t*>(message.slices[0].data), message.slices[0].size}, &finish, nullptr),
        release(message.release),
        release_arg(message.release_arg) {}

  static void finish(base::Block* block, void*) {
    const std::unique_ptr<LentBlock> self(static_cast<LentBlock*>(block));
    self->release(self->release_arg);
  }

  void (*release)(void*);
  void* release_arg;
};

base::Slice gather(const fairlead_outgoing& message) {
  base::Bytes all;
  size_t size = 0;
  for (uint32_t i = 0; i < message.slice_count; ++i) size += message.slices[i].size;
  all.reserve(size);
  for (uint32_t i = 0; i < message.slice_count; ++i) base::append(all, view(message.slices[i]));
  return base::move_to_slice(std::move(all));
}

base::Slice take_payload(const fairlead_outgoing& message) {
  if (message.release != nullptr && message.slice_count == 1) {
    base::BlockRef block(std::make_unique<LentBlock>(message).release());
    return {view(message.slices[0]), std::move(block)};
  }
  base::Slice copy = gather(message);
  if (message.release != nullptr) message.release(message.release_arg);
  return copy;
}

base::Result<frame::UserHeaders> take_headers(const fairlead_outgoing& message) {
  frame::UserHeaders headers;
  std::set<std::string_view> names;
  size_t encoded = 0;
  for (uint32_t i = 0; i < message.header_count; ++i) {
    const std::string_view name = view(message.headers[i].name);
    if (name.empty() || name.size() > kLongestHeaderName)
      return unusable("a header's name has 1 to 255 bytes");
    if (name.starts_with(kReservedPrefix))
      return unusable("header \"" + std::string(name) + "\" is reserved");
    if (!names.insert(name).second) return unusable("header \"" + std::string(name) + "\" is there twice");
    headers.emplace_back(name, view(message.headers[i].value));
    encoded += kHeaderOverhead + name.size() + view(message.headers[i].value).size();
  }
  if (encoded > frame::kMaxUserHeaders)
    return unusable("the headers take " + std::to_string(encoded) + " bytes, more than " +
                    std::to_string(frame::kMaxUserHeaders));
  return headers;
}

base::Status check_struct(const fairlead_outgoing& message) {
  if (message.struct_size < kFirstOutgoing) return unusable("fairlead_outgoing is too small");
  if (message.slice_count > 0 && message.slices == nullptr) return unusable("slices is NULL");
  if (message.header_count > 0 && message.headers == nullptr) return unusable("headers is NULL");
  uint64_t size = 0;
  for (uint32_t i = 0; i < message.slice_count; ++i) size += message.slices[i].size;
  if (size > kLargestPayload)
    return unusable("the payload has " + std::to_string(size) + " bytes, more than " +
                    std::to_string(kLargestPayload));
  return {};
}

}  // namespace

MessageBox::MessageBox(const Received& message) : fairlead_message{}, received(message) {
  const auth::Message& source = *received;
  struct_size = sizeof(fairlead_message);
  kind = static_cast<int32_t>(source.headers.kind);
  from = text(source.headers.from);
  to = text(source.headers.to);
  topic = text(source.headers.topic);
  std::copy(source.headers.id.begin(), source.headers.id.end(), id);
  payload_size = source.payload_size();
  if (!source.first.bytes.empty())
    slice_views.push_back({source.first.bytes.data(), source.first.bytes.size()});
  for (const base::Slice& slice : source.rest)
    slice_views.push_back({slice.bytes.data(), slice.bytes.size()});
  if (auto decoded = frame::decode_user_headers(source.headers.user_headers); decoded.has_value())
    user_headers = std::move(*decoded);
  for (const auto& [key, value] : user_headers) header_views.push_back({text(key), text(value)});
  slices = slice_views.data();
  slice_count = static_cast<uint32_t>(slice_views.size());
  headers = header_views.data();
  header_count = static_cast<uint32_t>(header_views.size());
  if (received->headers.content_sha256.has_value()) content_sha256 = received->headers.content_sha256->data();
}

frame::UserHeaders refusal_headers(std::string_view reason, std::string_view why) {
  frame::UserHeaders headers;
  headers.emplace_back(kErrorHeader, why.empty() ? reason : why);
  headers.emplace_back(kErrorReasonHeader, reason.substr(0, kLongestReason));
  return headers;
}

base::Result<Outgoing> take_answer(const fairlead_outgoing& answer) {
  FAIRLEAD_TRY(check_struct(answer));
  Outgoing out;
  FAIRLEAD_TRY(out.headers, take_headers(answer));
  out.payload = take_payload(answer);
  return out;
}

base::Result<Outgoing> take_outgoing(const fairlead_outgoing& message) {
  FAIRLEAD_TRY(check_struct(message));
  const std::string_view to = view(message.to), topic = view(message.topic);
  if (to.empty()) return unusable("the message has no receiver");
  if (to != base::kEveryone) {
    FAIRLEAD_TRY(base::Endpoint::parse(to));
  }
  if (topic.empty() || topic.size() > kLongestTopic || !frame::is_plain_text(topic))
    return unusable("a topic has 1 to 255 bytes of UTF-8 without control characters");
  FAIRLEAD_TRY(Outgoing out, take_answer(message));
  out.to = to;
  out.topic = topic;
  if ((message.flags & FAIRLEAD_ATTACH_DIGEST) != 0) out.content_sha256 = crypto::sha256({out.payload.bytes});
  return out;
}

}  // namespace fairlead::node

extern "C" {

const fairlead_message* fairlead_message_retain(const fairlead_message* message) {
  static_cast<const fairlead::node::MessageBox*>(message)->owners.fetch_add(1, std::memory_order_relaxed);
  return message;
}

void fairlead_message_release(const fairlead_message* message) {
  const auto* box = static_cast<const fairlead::node::MessageBox*>(message);
  if (box != nullptr && box->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
    std::default_delete<const fairlead::node::MessageBox>()(box);
}

void fairlead_message_digest(const fairlead_message* message, uint8_t out[32]) {
  fairlead::crypto::Sha256Stream stream;
  for (uint32_t i = 0; i < message->slice_count; ++i)
    stream.update({message->slices[i].data, message->slices[i].size});
  const fairlead::base::Digest digest = stream.digest();
  std::copy(digest.begin(), digest.end(), out);
}

}  // extern "C"
