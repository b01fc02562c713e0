#include "node/revocation_watch.hpp"

namespace fairlead::node {
namespace {

using crypto::CrlRules;

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::chrono::hours kWarnEvery{24};

CrlRules rules_of(const kit::Kit& kit) {
  return kit.settings().strict_crl ? CrlRules::strict : CrlRules::lenient;
}

uint64_t whole_hours(base::Milliseconds time) {
  return static_cast<uint64_t>(std::chrono::floor<std::chrono::hours>(time).count());
}

}  // namespace

base::Result<std::unique_ptr<RevocationWatch>> RevocationWatch::make(const kit::Kit& kit, ListsAre lists,
                                                                     loop::Loop& loop, base::Log& log) {
  FAIRLEAD_TRY(kit::RevocationStore store, kit::RevocationStore::open(kit));
  auto watch = std::make_unique<RevocationWatch>(std::move(store), rules_of(kit), lists, loop, log);
  watch->remember_own(kit);
  watch->look();
  return watch;
}

RevocationWatch::RevocationWatch(kit::RevocationStore store, CrlRules rules, ListsAre lists, loop::Loop& loop,
                                 base::Log& log)
    : store_(std::move(store)), rules_(rules), lists_are_(lists), loop_(loop), log_(log) {}

void RevocationWatch::start(std::function<void()> changed) {
  changed_ = std::move(changed);
  tick();
}

void RevocationWatch::use(const kit::Kit& kit) {
  rules_ = rules_of(kit);
  store_.use(kit);
  remember_own(kit);
  warned_.reset();
}

void RevocationWatch::remember_own(const kit::Kit& kit) {
  root_ = kit.root();
  own_.clear();
  own_.push_back({"identity", kit.delegation() != nullptr ? kit.delegation()->site_chain : kit.chain()});
  if (kit.token() != nullptr) own_.push_back({"token", kit.token()->chain});
  asked_own_.reset();
}

crypto::TrustAnchor RevocationWatch::anchor(const kit::Kit& kit) const {
  crypto::TrustAnchor anchor = kit.trust_anchor();
  anchor.revoked = store_.lists();
  const bool is_judged = lists_are_ == ListsAre::expected || !anchor.revoked.empty();
  anchor.crl = is_judged ? rules_ : CrlRules::lenient;
  return anchor;
}

void RevocationWatch::tick() {
  const bool changed = look();
  timer_ = loop_.timer(
      kLookEvery, [](void* self) { static_cast<RevocationWatch*>(self)->tick(); }, this);
  if (changed && changed_) changed_();
}

bool RevocationWatch::look() {
  const kit::RevocationLook found = store_.look(loop_.clock().wall());
  report(found);
  if (found.changed) {
    warned_.reset();
    asked_own_.reset();
  }
  warn_about_lack(loop_.clock().mono());
  tell_of_own(loop_.clock().mono());
  return found.changed;
}

/// Peers refuse such a certificate without saying why: here is where somebody can read it.
void RevocationWatch::tell_of_own(base::MonoTime now) {
  if (!root_ || (asked_own_ && now - *asked_own_ < kWarnEvery)) return;
  asked_own_ = now;
  const crypto::TrustAnchor anchor{*root_, crypto::LegacyRules::no, store_.lists(), CrlRules::lenient};
  for (const Own& own : own_) {
    std::string found;
    if (crypto::check_revocation(anchor, own.path, loop_.clock().wall(), &found)) continue;
    log_.error("crl.own_certificate", {{"certificate", own.use},
                                       {"subject", own.path.front().subject_text()},
                                       {"found", found},
                                       {"means", "everybody who has this list refuses this node"},
                                       {"do", "install the new kit that `fairlead provision` makes for it"}});
  }
}

void RevocationWatch::report(const kit::RevocationLook& look) {
  if (look.changed)
    for (const crypto::RevocationFacts& list : store_.lists().facts())
      log_.info("crl.in_force",
                {{"issuer", list.issuer}, {"number", list.number}, {"revoked", uint64_t{list.count}}});
  if (look.error)
    log_.error(look.changed ? "crl.not_kept" : "crl.refused", {{"file", store_.file().string()},
                                                               {"found", look.error->text},
                                                               {"why", look.error->reason},
                                                               {"do", look.error->hint}});
}

/// Loud at start and once a day: a list that is over is something that somebody forgot.
void RevocationWatch::warn_about_lack(base::MonoTime now) {
  if (warned_ && now - *warned_ < kWarnEvery) return;
  const base::WallTime wall = loop_.clock().wall();
  const char* means =
      rules_ == CrlRules::strict ? "logins are refused with crl_stale" : "it is used all the same";
  if (const crypto::RevocationFacts* stale = store_.lists().stale(wall); stale != nullptr) {
    warned_ = now;
    log_.warn("crl.stale", {{"issuer", stale->issuer},
                            {"number", stale->number},
                            {"over_for_hours", whole_hours(wall - stale->next_update)},
                            {"means", means},
                            {"do", "put a new list into " + store_.file().string()}});
  } else if (store_.lists().empty() && lists_are_ == ListsAre::expected && rules_ == CrlRules::strict) {
    warned_ = now;
    log_.warn("crl.none", {{"means", means}, {"do", "put a list into " + store_.file().string()}});
  }
}

}  // namespace fairlead::node
