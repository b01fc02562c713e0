// What a server answers to a renewal, and what the site makes of it.
#include "provision/live_renewal.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "distributed.hpp"
#include "provision/ledger.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using base::ParticipantType;
using provision::Renewal;

std::string status_of(const base::Result<std::string>& answer) {
  if (!answer) return answer.error().reason;
  const auto tree = base::Json::parse(*answer);
  return tree ? (*tree)["status"].text() : "";
}

class LiveRenewal : public Distributed {
 protected:
  explicit LiveRenewal(std::string yaml) : Distributed(std::move(yaml)) {}

  kit::Kit open(const std::string& name) const {
    auto kit = kit::Kit::open(project.kit(name), kit::VersionMemory::only_check);
    EXPECT_TRUE(kit.has_value()) << kit.error().line();
    return std::move(*kit);
  }
  static provision::PendingRequest ask(const kit::Kit& site,
                                       provision::SiteOrder::Key key = provision::SiteOrder::Key::fresh) {
    const kit::KitSettings& settings = site.settings();
    provision::SiteOrder order;
    order.subject = {settings.project, settings.name, settings.type};
    order.kit = site.path();
    order.present = &site;
    order.key = key;
    auto made = provision::request_certificate(order);
    EXPECT_TRUE(made.has_value()) << made.error().line();
    return std::move(*made);
  }
  base::Result<std::string> answer(const kit::Kit& site, const provision::Request& request) {
    const std::string question = provision::renewal_question(request);
    return provision::answer_renewal(open("server.example.com"), site.leaf(), base::as_bytes(question), now,
                                     random);
  }
  /// Of a client that would stand where the server's path leads.
  base::Refusal verdict(const kit::Kit& site) const {
    const auto verified = crypto::verify_chain(site.trust_anchor(), site.leaf(), site.intermediates(),
                                               crypto::ChainPurpose::client_login, now);
    return verified ? base::Refusal{} : verified.error();
  }

  base::WallTime now = base::SystemClock().wall();
};

class WithIssuingCa : public LiveRenewal {
 protected:
  WithIssuingCa() : LiveRenewal(with("type: server", "type: server\n    issuing_ca: true")) {}
};

TEST_F(WithIssuingCa, TheServersKitHasAnIssuerAndNobodyElseHas) {
  const kit::Kit server = open("server.example.com");

  ASSERT_NE(server.issuer(), nullptr);
  EXPECT_EQ(server.issuer()->chain.front().uri_names(),
            std::vector<std::string>{"fairlead://demo/issuer/server.example.com"});
  EXPECT_EQ(mode_of(server.path() / "startup/issuer.key"), 0600u);
  for (const auto& [name, content] : files_below(project.workspace() / "demo"))
    EXPECT_TRUE(name.starts_with("prod_00/server.example.com/") || name.find("issuer.") == std::string::npos)
        << name;
  EXPECT_EQ(read_text(project.workspace() / "demo/state/project.json").find("PRIVATE"), std::string::npos);
}

TEST_F(WithIssuingCa, AKitWhoseIssuerIsExchangedDoesNotOpen) {
  GivenProject other(with("type: server", "type: server\n    issuing_ca: true"));
  const fs::path startup = project.kit("server.example.com") / "startup";
  write_text(startup / "issuer.crt", read_text(other.kit("server.example.com") / "startup/issuer.crt"));
  EXPECT_EQ(reason_of(kit::Kit::open(startup.parent_path())), "kit_bad_certificate");

  write_text(startup / "issuer.crt", read_text(startup / "server.crt"));
  EXPECT_EQ(reason_of(kit::Kit::open(startup.parent_path())), "kit_wrong_identity");
}

TEST_F(WithIssuingCa, IssuesAtOnceForANewKey) {
  for (const std::string name : {"site-1", "service-1", "admin@example.com"}) {
    const kit::Kit before = open(name);
    const auto asked = ask(before);
    const auto answered = answer(before, asked.request);
    ASSERT_EQ(status_of(answered), "issued") << name;

    const auto taken = provision::take_renewal_answer(before, *answered);

    ASSERT_TRUE(taken.has_value()) << taken.error().line();
    EXPECT_EQ(taken->state, Renewal::State::installed);
    const kit::Kit after = open(name);
    EXPECT_EQ(after.chain().size(), 2u);
    EXPECT_EQ(after.leaf().uri_names(), before.leaf().uri_names());
    EXPECT_EQ(after.leaf().organization(), before.leaf().organization());
    EXPECT_EQ(after.leaf().unstructured_name(), before.leaf().unstructured_name());
    EXPECT_NE(after.key().public_key().spki(), before.key().public_key().spki());
    EXPECT_EQ(verdict(after), base::Refusal{});
    EXPECT_FALSE(fs::exists(after.path() / "request"));
    EXPECT_EQ(mode_of(after.path() / "startup/client.key"), 0600u);
  }
  const auto state = project.kit("server.example.com") / "state";
  EXPECT_TRUE(provision::verify_ledger(state).has_value());
  EXPECT_THAT(read_text(state / "ledger.jsonl"), testing::HasSubstr("service-1"));
}

TEST_F(WithIssuingCa, KeepsTheKeyWhenAskedTo) {
  const kit::Kit before = open("site-1");
  const auto answered = answer(before, ask(before, provision::SiteOrder::Key::present).request);

  ASSERT_TRUE(provision::take_renewal_answer(before, answered.value_or("")).has_value());

  const kit::Kit after = open("site-1");
  EXPECT_EQ(after.key().public_key().spki(), before.key().public_key().spki());
  EXPECT_NE(after.leaf().sha256(), before.leaf().sha256());
}

TEST_F(WithIssuingCa, NeverIssuesBeyondItsOwnEnd) {
  const kit::Kit site = open("site-1");
  const base::WallTime end = open("server.example.com").issuer()->chain.front().not_after();
  now = end - std::chrono::hours(24);

  const auto answered = answer(site, ask(site).request);

  ASSERT_EQ(status_of(answered), "issued");
  const auto chain =
      crypto::read_pem_certificates(base::as_bytes((*base::Json::parse(*answered))["chain"].text()));
  EXPECT_EQ(chain->front().not_after(), end);
  now = end;
  EXPECT_EQ(status_of(answer(site, ask(site).request)), "issuer_expired");
}

TEST_F(WithIssuingCa, IssuesTheUsualLifeOfEachType) {
  const kit::Kit admin = open("admin@example.com");

  const auto answered = answer(admin, ask(admin).request);

  const auto chain = crypto::read_pem_certificates(
      base::as_bytes((*base::Json::parse(answered.value_or("{}")))["chain"].text()));
  ASSERT_TRUE(chain.has_value());
  EXPECT_LT(chain->front().not_after(), now + std::chrono::days(91));
}

TEST_F(WithIssuingCa, CanRenewAgainWhatItIssued) {
  const kit::Kit first = open("site-1");
  ASSERT_TRUE(
      provision::take_renewal_answer(first, answer(first, ask(first).request).value_or("")).has_value());
  const kit::Kit second = open("site-1");

  EXPECT_EQ(status_of(answer(second, ask(second).request)), "issued");
}

TEST_F(WithIssuingCa, RefusesARequestForAnotherName) {
  const kit::Kit site = open("site-1"), other = open("site-2");

  EXPECT_EQ(status_of(answer(site, ask(other).request)), "request_wrong_name");
}

TEST_F(WithIssuingCa, RefusesARequestThatThePresentKeyDoesNotVouchFor) {
  const kit::Kit site = open("site-1"), other = open("site-2");
  auto asked = ask(site);
  asked.request.voucher =
      *other.key().sign(provision::kVoucherLabel, base::as_bytes(asked.request.keys[0].pem));
  EXPECT_EQ(status_of(answer(site, asked.request)), "not_vouched");

  asked.request.voucher.clear();
  EXPECT_EQ(status_of(answer(site, asked.request)), "not_vouched");
}

TEST_F(WithIssuingCa, RefusesToRenewAServerOrATokenSigner) {
  const kit::Kit server = open("server.example.com");
  for (const crypto::Certificate& certificate : {server.leaf(), *server.token_certificate()})
    EXPECT_EQ(reason_of(provision::answer_renewal(server, certificate, base::as_bytes("{}"), now, random)),
              "not_renewable");
}

TEST_F(WithIssuingCa, RefusesWhatIsNoQuestion) {
  const kit::Kit site = open("site-1");
  const kit::Kit server = open("server.example.com");
  for (const std::string& question : {std::string(), std::string("[]"), std::string("{\"voucher\":\"x\"}"),
                                      std::string(provision::kLargestRenewalQuestion + 1, ' ')})
    EXPECT_EQ(
        reason_of(provision::answer_renewal(server, site.leaf(), base::as_bytes(question), now, random)),
        "malformed");
}

TEST_F(WithIssuingCa, ACertificateForAnotherKeyIsNotInstalled) {
  const kit::Kit site = open("site-1"), other = open("site-2");
  ask(site);
  const auto for_other = answer(other, ask(other).request);
  const auto before = files_below(site.path());

  EXPECT_EQ(reason_of(provision::take_renewal_answer(site, for_other.value_or(""))), "approval_other_key");
  EXPECT_EQ(files_below(site.path()), before);
}

TEST_F(WithIssuingCa, AnAnswerThatSaysNothingIsRefused) {
  const kit::Kit site = open("site-1");
  for (const char* text : {"", "{}", "{\"status\":\"approved\",\"archive\":\"x\"}"})
    EXPECT_EQ(reason_of(provision::take_renewal_answer(site, text)), "bad_answer") << text;
}

TEST_F(WithIssuingCa, TakesARequestThatWasMadeForAnAdmin) {
  const kit::Kit site = open("site-1");
  provision::SiteOrder order;
  order.subject = {"demo", "site-1", ParticipantType::client};
  order.kit = site.path();
  ASSERT_TRUE(provision::request_certificate(order).has_value());

  EXPECT_EQ(status_of(answer(site, ask(site).request)), "issued");
}

class WithoutIssuingCa : public LiveRenewal {
 protected:
  WithoutIssuingCa() : LiveRenewal(std::string(kSmallProject)) {}
  fs::path state() const { return project.kit("server.example.com") / "state"; }
};

TEST_F(WithoutIssuingCa, TheRequestWaitsAndItsApprovalIsGivenToWhoAsksAgain) {
  const kit::Kit before = open("site-1");
  const auto asked = ask(before);
  const auto first = answer(before, asked.request);
  ASSERT_EQ(status_of(first), "pending");
  const auto told = provision::take_renewal_answer(before, *first);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->state, Renewal::State::pending);
  EXPECT_EQ(mode_of(state() / "requests/site-1.zip"), 0600u);

  fs::create_directories(state() / "approved");
  fs::copy(state() / "requests/site-1.zip", zip("waiting"));
  ASSERT_EQ(reason_of(approve("waiting")), "");
  fs::copy(zip("approval"), state() / "approved/site-1.zip");
  const auto again = ask(before);
  EXPECT_TRUE(again.found);
  const auto second = answer(before, again.request);
  ASSERT_EQ(status_of(second), "approved");

  const auto installed = provision::take_renewal_answer(before, *second);
  ASSERT_TRUE(installed.has_value()) << installed.error().line();
  EXPECT_EQ(installed->state, Renewal::State::installed);
  EXPECT_FALSE(installed->by_issuing_ca);
  EXPECT_NE(open("site-1").key().public_key().spki(), before.key().public_key().spki());
}

TEST_F(WithoutIssuingCa, AnApprovalOfAnotherKeyIsNotGivenAway) {
  const kit::Kit site = open("site-1");
  const auto first = ask(site);
  ASSERT_EQ(status_of(answer(site, first.request)), "pending");
  fs::copy(state() / "requests/site-1.zip", zip("waiting"));
  ASSERT_EQ(reason_of(approve("waiting")), "");
  fs::create_directories(state() / "approved");
  fs::copy(zip("approval"), state() / "approved/site-1.zip");
  fs::remove_all(site.path() / "request");

  EXPECT_EQ(status_of(answer(site, ask(site).request)), "pending");
}

}  // namespace
}  // namespace fairlead::support
