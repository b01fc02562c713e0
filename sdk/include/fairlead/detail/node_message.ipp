/// Bodies of fairlead/node.hpp: errors, received messages and answers.
#pragma once
#include <algorithm>

namespace fairlead {
namespace detail {

inline fairlead_text text(std::string_view from) noexcept { return {from.data(), from.size()}; }

/// An error of this library's own, in the words of the C ABI.
inline NodeError make_error(fairlead_status status, uint32_t code, int exit_code, std::string_view what,
                            std::string_view hint, std::string_view reason = {}) {
  fairlead_node_error error{};
  error.struct_size = sizeof(error);
  error.status = status;
  error.code = code;
  error.exit_code = exit_code;
  what.copy(error.text, sizeof(error.text) - 1);
  hint.copy(error.hint, sizeof(error.hint) - 1);
  reason.copy(error.reason, sizeof(error.reason) - 1);
  return NodeError(error);
}

/// For calls of the C ABI that give a status alone.
inline NodeError error_of(fairlead_status status, std::string_view what) {
  switch (status) {
    case FAIRLEAD_E_CLOSED:
      return make_error(status, FAIRLEAD_NODE_FAILED, 1, std::string(what) + ": the node is over",
                        "open a new one", "closed");
    case FAIRLEAD_E_CONFIG:
      return make_error(status, FAIRLEAD_NODE_BAD_ARGUMENTS, 4,
                        std::string(what) + ": an argument cannot be used",
                        "check endpoint, topic, header names and deadline");
    default:
      return make_error(status, FAIRLEAD_NODE_INTERNAL, 5, std::string(what) + ": out of memory", "");
  }
}

/// A payload and its views for the duration of one call. Once taken, the library frees the payload.
class Parcel {
 public:
  Parcel(std::vector<uint8_t> payload, const Headers& headers)
      : payload_(std::make_unique<std::vector<uint8_t>>(std::move(payload))) {
    for (const auto& [name, value] : headers) headers_.push_back({text(name), text(value)});
    slice_ = {payload_->data(), payload_->size()};
    raw_.struct_size = sizeof(raw_);
    raw_.slices = &slice_;
    raw_.slice_count = 1;
    raw_.headers = headers_.data();
    raw_.header_count = static_cast<uint32_t>(headers_.size());
    raw_.release = [](void* owned) { delete static_cast<std::vector<uint8_t>*>(owned); };
    raw_.release_arg = payload_.get();
  }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;
  fairlead_outgoing& raw() noexcept { return raw_; }
  void taken() noexcept { (void)payload_.release(); }

 private:
  std::unique_ptr<std::vector<uint8_t>> payload_;
  std::vector<fairlead_header> headers_;
  fairlead_bytes slice_{};
  fairlead_outgoing raw_{};
};

}  // namespace detail

inline NodeError::NodeError(const fairlead_node_error& error)
    : std::runtime_error(error.text),
      status_(error.status),
      code_(error.code),
      exit_code_(error.exit_code),
      hint_(error.hint),
      origin_(error.origin),
      reason_(error.reason) {}

inline std::string Message::id() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : raw_->id) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

inline std::string_view Message::header(std::string_view name) const noexcept {
  for (uint32_t i = 0; i < raw_->header_count; ++i)
    if (view(raw_->headers[i].name) == name) return view(raw_->headers[i].value);
  return {};
}

inline Headers Message::headers() const {
  Headers out;
  for (uint32_t i = 0; i < raw_->header_count; ++i)
    out.emplace_back(view(raw_->headers[i].name), view(raw_->headers[i].value));
  return out;
}

inline std::vector<uint8_t> Message::payload() const {
  std::vector<uint8_t> out;
  out.reserve(size());
  for (const fairlead_bytes& slice : slices()) out.insert(out.end(), slice.data, slice.data + slice.size);
  return out;
}

inline std::string Message::text() const {
  std::string out;
  out.reserve(size());
  for (const fairlead_bytes& slice : slices()) out.append(slice.data, slice.data + slice.size);
  return out;
}

inline std::optional<Sha256> Message::content_sha256() const {
  if (raw_->content_sha256 == nullptr) return std::nullopt;
  Sha256 out;
  std::copy_n(raw_->content_sha256, out.size(), out.begin());
  return out;
}

inline Sha256 Message::digest() const {
  Sha256 out;
  fairlead_message_digest(raw_, out.data());
  return out;
}

inline void Responder::reply(Reply answer) {
  if (raw_ == nullptr) return;
  if (!answer.refused.empty())
    return fairlead_responder_refuse(raw_.release(), detail::text(answer.refused), detail::text(answer.why));
  detail::Parcel parcel(std::move(answer.payload), answer.headers);
  const fairlead_status status = fairlead_responder_reply(raw_.get(), &parcel.raw());
  if (status < 0) throw detail::error_of(status, "cannot answer");
  parcel.taken();
  (void)raw_.release();
}

}  // namespace fairlead
