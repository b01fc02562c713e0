// What holds for every project, shown on random ones. RC_PARAMS in the environment chooses another seed.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <map>

#include "config/explain.hpp"
#include "given.hpp"

namespace fairlead::config {
namespace {

/// The same projects in every run, unless somebody asks for others.
const bool kSeeded = ::setenv("RC_PARAMS", "seed=9 max_success=300", 0) == 0;

using Keys = std::vector<std::pair<std::string, std::string>>;

/// A project before it is text: keys and values as they are written.
struct Sketch {
  Keys project;
  std::vector<Keys> participants;  ///< the server among them
};

std::string pick(std::initializer_list<const char*> values) {
  return *rc::gen::elementOf(std::vector<std::string>(values.begin(), values.end()));
}

void maybe(Keys& keys, const std::string& key, std::initializer_list<const char*> values) {
  if (*rc::gen::inRange(0, 3) == 0) keys.emplace_back(key, pick(values));
}

void add_shared(Keys& keys) {
  maybe(keys, "connection_security", {"mtls", "tls", "clear", "TLS"});
  maybe(keys, "message_security", {"auto", "mac", "seal"});
  maybe(keys, "scheme", {"tcp", "zmq", "grpc"});
  maybe(keys, "custom_ca_cert", {"/ca.pem", "/other.pem"});
  maybe(keys, "transports", {"{tcp: {nodelay: true}}", "{zmq: {io_threads: 2}}"});
  maybe(keys, "weaker_overrides", {"refused", "allowed"});
}

Keys random_server() {
  Keys keys{{"name", "hub"}, {"type", "server"}, {"org", "o"}};
  add_shared(keys);
  maybe(keys, "fed_learn_port", {"8002", "9000"});
  maybe(keys, "admin_port", {"8002", "8003"});
  maybe(keys, "host_names", {"[a.example, 127.0.0.1]", "b.example", "[]"});
  maybe(keys, "default_host", {"a.example", "'::1'"});
  maybe(keys, "listeners",
        {"[{port: 1}]", "[{port: 8003, scheme: zmq}, {port: 2, connection_security: tls}]"});
  return keys;
}

Keys random_participant(const std::string& name, const std::string& type) {
  Keys keys{{"name", name}, {"type", type}, {"org", pick({"o", "p"})}};
  add_shared(keys);
  maybe(keys, "connect_to",
        {"a.example", "{host: h, port: 443}", "{host: '::1', connection_security: clear}",
         "{host: h, scheme: zmq}"});
  maybe(keys, "proxy", {"http://p:1", "{url: socks5://p:1, credentials: c}"});
  return keys;
}

Sketch random_sketch() {
  Sketch sketch{{{"api_version", "3"}, {"name", "p"}}, {}};
  add_shared(sketch.project);
  maybe(sketch.project, "secure_train", {"true", "false"});
  maybe(sketch.project, "crl", {"lenient", "strict"});
  maybe(sketch.project, "policy", {"[]", "[{from: client, to: hub, topics: [a, b/*]}]"});
  sketch.participants.push_back(random_server());
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    const std::string type = pick({"client", "admin", "service"});
    const std::string name = "s" + std::to_string(i) + (type == "admin" ? "@h" : "");
    sketch.participants.push_back(random_participant(name, type));
  }
  return sketch;
}

void write_key(std::string& text, const Keys::value_type& key, const char* before, const char* behind) {
  text.append(before).append(key.first).append(": ").append(key.second).append(behind);
}

std::string written(const Sketch& sketch) {
  std::string text;
  for (const auto& key : sketch.project) write_key(text, key, "", "\n");
  text += "participants:\n";
  for (const Keys& one : sketch.participants)
    for (const auto& key : one) write_key(text, key, &key == &one.front() ? "- " : "  ", "\n");
  return text;
}

/// The same in one line.
std::string written_as_flow(const Sketch& sketch) {
  std::string text = "{";
  for (const auto& key : sketch.project) write_key(text, key, "", ", ");
  text += "participants: [";
  for (const Keys& one : sketch.participants) {
    text += "{";
    for (const auto& key : one) write_key(text, key, "", ", ");
    text += "}, ";
  }
  return text + "]}";
}

const std::string* value_of(const Keys& keys, const std::string& key) {
  for (const auto& [name, value] : keys)
    if (name == key) return &value;
  return nullptr;
}

/// What explain says about each participant, without places in the file.
std::map<std::string, std::string> explained(const ResolvedProject& project) {
  std::map<std::string, std::string> all;
  for (const ResolvedParticipant& one : project.participants) {
    std::string text = explain_json(project, one.name)["participants"].items().at(0).dump();
    for (size_t at = 0; (at = text.find(R"(,"at":")")) != std::string::npos;)
      text.erase(at, text.find('"', at + 7) - at + 1);
    all[one.name] = text + base::name(one.expected_message_security) + name(one.weaker_overrides.value);
  }
  return all;
}

ResolvedProject resolved_or_discard(const std::string& text) {
  const ProjectReading reading = read_text_as_project(text);
  RC_PRE(reading.project.has_value());
  return resolve(*reading.project);
}

bool is_inside(Position at, const std::string& text) {
  return at.line >= 1 && at.line <= std::count(text.begin(), text.end(), '\n') + 1 && at.column >= 1 &&
         static_cast<size_t>(at.column) <= text.size() + 1;
}

RC_GTEST_PROP(AnyProject, IsAccepted, ()) {
  const std::string text = written(random_sketch());
  RC_LOG(text);
  RC_ASSERT(errors_of(text) == "");
}

RC_GTEST_PROP(AnyProject, GivesEachValueTheOriginOfTheStrongestLevelThatSetIt, ()) {
  const Sketch sketch = random_sketch();
  RC_LOG(written(sketch));
  const ResolvedProject project = resolved_or_discard(written(sketch));
  for (size_t i = 0; i < sketch.participants.size(); ++i) {
    const Keys& keys = sketch.participants[i];
    const ResolvedParticipant& one = project.participants[i];
    const auto expected = [&](const char* key) {
      return value_of(keys, key)             ? Origin::participant
             : value_of(sketch.project, key) ? Origin::project
                                             : Origin::default_value;
    };
    const std::string* target = value_of(keys, "connect_to");
    const std::string* train = value_of(sketch.project, "secure_train");
    Origin security = expected("connection_security");
    if (target != nullptr && target->find("connection_security") != std::string::npos)
      security = Origin::participant;
    if (security == Origin::default_value && train != nullptr && *train == "false")
      security = Origin::secure_train;
    RC_ASSERT(one.connection_security.origin == security);
    RC_ASSERT(one.scheme.origin == expected("scheme"));
    RC_ASSERT(one.weaker_overrides.origin == expected("weaker_overrides"));
    RC_ASSERT(one.custom_ca_cert.has_value() == (expected("custom_ca_cert") != Origin::default_value));
    RC_ASSERT(!one.custom_ca_cert || one.custom_ca_cert->origin == expected("custom_ca_cert"));
    const bool is_automatic = one.message_security.value == base::MessageSecurity::automatic;
    RC_ASSERT(one.message_security.origin ==
                  (is_automatic && expected("message_security") != Origin::default_value
                       ? Origin::automatic
                       : expected("message_security")) ||
              (is_automatic && one.message_security.origin == Origin::automatic));
    RC_ASSERT(one.connect_to.origin == (target ? Origin::participant : Origin::default_value));
  }
}

RC_GTEST_PROP(AnyProject, DoesNotDependOnTheOrderOfItsParticipants, ()) {
  Sketch sketch = random_sketch();
  const auto before = explained(resolved_or_discard(written(sketch)));

  for (size_t i = sketch.participants.size(); i > 1; --i)
    std::swap(sketch.participants[i - 1],
              sketch.participants[static_cast<size_t>(*rc::gen::inRange<size_t>(0, i))]);

  RC_ASSERT(explained(resolved_or_discard(written(sketch))) == before);
}

RC_GTEST_PROP(AnyProject, MeansTheSameInBlocksAndInOneLine, ()) {
  const Sketch sketch = random_sketch();
  RC_ASSERT(explained(resolved_or_discard(written_as_flow(sketch))) ==
            explained(resolved_or_discard(written(sketch))));
}

RC_GTEST_PROP(AnyProject, ExplainsItselfInJsonThatReadsBack, ()) {
  const ResolvedProject project = resolved_or_discard(written(random_sketch()));
  const std::string text = explain_json(project).dump();

  const auto again = base::Json::parse(text);

  RC_ASSERT(again.has_value());
  RC_ASSERT(again->dump() == text);
  RC_ASSERT((*again)["participants"].items().size() == project.participants.size());
  for (size_t i = 0; i < project.participants.size(); ++i) {
    const base::Json& one = (*again)["participants"].items()[i];
    RC_ASSERT(one["name"].text() == project.participants[i].name);
    RC_ASSERT(one["connection_security"]["origin"].text() ==
              name(project.participants[i].connection_security.origin));
  }
}

RC_GTEST_PROP(AnyProject, WithAnyByteChangedIsReadOrRefusedAtAPlaceInTheFile, ()) {
  std::string text = written(random_sketch());
  const size_t at = *rc::gen::inRange<size_t>(0, text.size());
  text[at] = static_cast<char>(*rc::gen::inRange(0, 256));
  RC_LOG(text);

  const ProjectReading reading = read_text_as_project(text);

  RC_ASSERT(reading.project.has_value() == reading.diagnostics.ok());
  for (const Diagnostic& one : reading.diagnostics.errors()) RC_ASSERT(is_inside(one.at, text));
  if (reading.project) RC_ASSERT(!explain_json(resolve(*reading.project)).dump().empty());
}

RC_GTEST_PROP(AnyProject, HasAllItsErrorsReportedAtOnce, ()) {
  Sketch sketch = random_sketch();
  // One each: a value that is wrong, a key that is unknown, a key that is missing.
  const std::vector<Keys> kinds{{{"org", "o"}, {"unknown_key", "1"}}, {{"org", "''"}}, {}};
  const int wrong = *rc::gen::inRange(1, 6);
  for (int i = 0; i < wrong; ++i) {
    Keys keys{{"name", "bad" + std::to_string(i)}, {"type", "client"}};
    const Keys& more = kinds[static_cast<size_t>(*rc::gen::inRange<size_t>(0, kinds.size()))];
    keys.insert(keys.end(), more.begin(), more.end());
    sketch.participants.push_back(keys);
  }
  RC_LOG(written(sketch));

  const ProjectReading reading = read_text_as_project(written(sketch));

  const auto& errors = reading.diagnostics.errors();
  RC_ASSERT(errors.size() == static_cast<size_t>(wrong));
  RC_ASSERT(std::is_sorted(errors.begin(), errors.end(),
                           [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; }));
}

}  // namespace
}  // namespace fairlead::config
