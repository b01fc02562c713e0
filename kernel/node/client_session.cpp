#include "node/client_session.hpp"

#include <algorithm>
#include <utility>

namespace fairlead::node {
namespace {

using auth::ClientStart;

constexpr std::chrono::milliseconds kLeastWait{1'000};

}  // namespace

bool ClientSession::is_usable() const noexcept {
  return session_ != nullptr && !outdated_ && clock_.mono() < session_->current.deadline;
}

bool ClientSession::may_log_in_extra() const noexcept {
  return last_extra_login_ == base::MonoTime::min() ||
         clock_.mono() - last_extra_login_ >= kBetweenExtraLogins;
}

ClientStart ClientSession::start() {
  if (!is_usable()) return {};
  if (!may_log_in_extra()) return {session_.get(), ClientStart::OnRestart::resume};
  if (!doubtful_) return {session_.get(), ClientStart::OnRestart::log_in};
  last_extra_login_ = clock_.mono();
  return {};
}

std::unique_ptr<auth::Session> ClientSession::adopt(std::unique_ptr<auth::Session> fresh) {
  doubtful_ = outdated_ = false;
  auto before = std::exchange(session_, std::move(fresh));
  renewed();
  return before;
}

void ClientSession::renewed() {
  const auth::Credentials& current = session_->current;
  const base::MonoTime now = clock_.mono();
  life_ = current.deadline - now;
  // 75 % +- 5 %, so that sites which logged in together do not come back together.
  const auto percent = static_cast<int64_t>(95 + random_.below(11));
  const std::chrono::milliseconds wait = std::chrono::milliseconds(current.renew_after) * percent / 100;
  due_ = now + std::max(wait, kLeastWait);
}

ClientSession::Need ClientSession::need() const noexcept {
  const bool outlives = due_ + life_ > session_->logged_in + longest_;
  return outdated_ || outlives ? Need::login : Need::renewal;
}

}  // namespace fairlead::node
