// Every combination of level and value, against rules that are written down here once more and otherwise: the
// strongest level that says something wins.
#include <array>
#include <initializer_list>
#include <utility>

#include "given.hpp"

namespace fairlead::config {
namespace {

using base::ConnectionSecurity;
using base::MessageSecurity;

/// What the levels of one setting say, weakest first; empty: nothing.
struct Said {
  std::string value;
  Origin origin = Origin::default_value;
  std::string at{};
};
Said strongest(std::initializer_list<Said> levels) {
  Said found;
  for (const Said& level : levels)
    if (!level.value.empty()) found = level;
  return found;
}

/// Writes a project line by line and remembers where each line stands.
class Lines {
 public:
  std::string add(const std::string& line) {
    text_ += line + "\n";
    return "project.yml:" + std::to_string(++count_);
  }
  /// Nothing to write for an empty value, and nothing said.
  Said add(const std::string& indent, const std::string& key, const std::string& value, Origin origin) {
    return value.empty() ? Said{} : Said{value, origin, add(indent + key + ": " + value)};
  }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  int count_ = 0;
};

constexpr std::array<const char*, 4> kSecurities{"", "mtls", "tls", "clear"};
constexpr std::array<const char*, 3> kTruths{"", "true", "false"};
constexpr std::array<const char*, 3> kSchemes{"", "tcp", "zmq"};
constexpr std::array<const char*, 2> kAuthorities{"", "/ca.pem"};

/// A connect_to, and what it says.
struct Target {
  const char* text;
  const char* host = "";
  const char* port = "";
  const char* scheme = "";
  const char* security = "";
};
constexpr std::array kTargets{
    Target{""},
    Target{"h", "h"},
    Target{"{host: h}", "h"},
    Target{"{host: '[::1]', port: 443}", "[::1]", "443"},
    Target{"{host: h, scheme: zmq}", "h", "", "zmq"},
    Target{"{host: h, connection_security: tls}", "h", "", "", "tls"},
    Target{"{host: h, connection_security: clear, port: 9, scheme: tcp}", "h", "9", "tcp", "clear"}};

struct Connection {
  std::string project_security, security, project_scheme, scheme, project_authority, authority, secure_train;
  Target target;
};

/// The project of one combination and what it has to come to.
struct Expected {
  std::string text;
  Said server_security, security, scheme, server_scheme, authority, target;
};

Expected expected_of(const Connection& given) {
  Lines lines;
  lines.add("api_version: 3");
  lines.add("name: p");
  const Said train = lines.add("", "secure_train", given.secure_train, Origin::project);
  const Said project_security = lines.add("", "connection_security", given.project_security, Origin::project);
  const Said project_scheme = lines.add("", "scheme", given.project_scheme, Origin::project);
  const Said project_authority = lines.add("", "custom_ca_cert", given.project_authority, Origin::project);
  lines.add("participants:");
  lines.add("- {name: srv, type: server, org: o}");
  lines.add("- name: c");
  lines.add("  type: client");
  lines.add("  org: o");
  const Said security = lines.add("  ", "connection_security", given.security, Origin::participant);
  const Said scheme = lines.add("  ", "scheme", given.scheme, Origin::participant);
  const Said authority = lines.add("  ", "custom_ca_cert", given.authority, Origin::participant);
  const Said target = lines.add("  ", "connect_to", given.target.text, Origin::participant);

  const Said built_in{"mtls"};
  const Said untrained{train.value == "false" ? "clear" : "", Origin::secure_train};
  const Said built_in_scheme{"tcp"};
  const Said target_scheme{given.target.scheme, Origin::participant, target.at};
  return {lines.text(),
          strongest({built_in, untrained, project_security}),
          strongest({built_in,
                     untrained,
                     project_security,
                     security,
                     {given.target.security, Origin::participant, target.at}}),
          strongest({built_in_scheme, project_scheme, scheme, target_scheme}),
          strongest({built_in_scheme, project_scheme}),
          strongest({project_authority, authority}),
          target};
}

template <class T>
std::string difference(const Value<T>& found, const std::string& shown, const Said& wanted) {
  const std::string has = shown + " " + name(found.origin) + " " + found.at;
  const std::string wants = wanted.value + " " + name(wanted.origin) + " " + wanted.at;
  return has == wants ? "" : "has " + has + ", wants " + wants;
}

std::string address_difference(const ResolvedParticipant& client, const Connection& given,
                               const Expected& wanted) {
  const std::string host = *given.target.host == '\0' ? "srv" : given.target.host;
  const std::string port = *given.target.port == '\0' ? "8002" : given.target.port;
  const std::string address = wanted.scheme.value + "://" + host + ":" + port;
  return difference(client.connect_to, text(client.connect_to.value),
                    {address, wanted.target.origin, wanted.target.at});
}

std::string authority_difference(const ResolvedParticipant& one, const Said& wanted, bool used) {
  if (one.custom_ca_cert.has_value() == wanted.value.empty()) return "custom_ca_cert there or not";
  if (one.custom_ca_used != used) return "custom_ca_cert used or not";
  return one.custom_ca_cert ? difference(*one.custom_ca_cert, one.custom_ca_cert->value, wanted) : "";
}

/// A link carries `mac` only where nobody but the two ends can be in between.
MessageSecurity automatic_of(const Expected& wanted, bool authority_used) {
  const bool straight = wanted.security.value != "clear" && !authority_used &&
                        wanted.security.value == wanted.server_security.value &&
                        wanted.scheme.value == wanted.server_scheme.value;
  return straight ? MessageSecurity::mac : MessageSecurity::seal;
}

/// Empty when the combination comes to what the rules say.
std::string mistake_in(const Connection& given) {
  const Expected wanted = expected_of(given);
  const ProjectReading reading = read_text_as_project(wanted.text);
  if (!reading.project) return reading.diagnostics.print();
  const ResolvedProject project = resolve(*reading.project);
  const ResolvedParticipant& server = project.server();
  const ResolvedParticipant& client = *project.find("c");
  const bool used = !wanted.authority.value.empty() && wanted.security.value == "tls";
  const Said server_authority =
      wanted.authority.origin == Origin::project || given.project_authority.empty()
          ? (given.project_authority.empty() ? Said{} : wanted.authority)
          : Said{given.project_authority, Origin::project, server.custom_ca_cert->at};
  for (const std::string& found :
       {difference(server.connection_security, base::name(server.connection_security.value),
                   wanted.server_security),
        difference(client.connection_security, base::name(client.connection_security.value), wanted.security),
        address_difference(client, given, wanted), authority_difference(client, wanted.authority, used),
        authority_difference(server, server_authority, false)})
    if (!found.empty()) return found + "\n" + wanted.text;
  if (client.expected_message_security != automatic_of(wanted, used)) return "auto\n" + wanted.text;
  return {};
}

/// All values of the project's own keys, nothing said by the participant.
std::vector<Connection> project_sides() {
  std::vector<Connection> all;
  for (const char* security : kSecurities)
    for (const char* scheme : kSchemes)
      for (const char* authority : kAuthorities)
        for (const char* train : kTruths)
          all.push_back({security, "", scheme, "", authority, "", train, {""}});
  return all;
}

/// The same project with all values of the participant's keys.
std::vector<Connection> participant_sides(const Connection& project) {
  std::vector<Connection> all;
  for (const char* security : kSecurities)
    for (const char* scheme : kSchemes)
      for (const char* authority : kAuthorities)
        for (const Target& target : kTargets)
          all.push_back({project.project_security, security, project.project_scheme, scheme,
                         project.project_authority, authority, project.secure_train, target});
  return all;
}

TEST(ResolutionTable, GivesEveryCombinationOfHowToConnectWhatTheRulesSay) {
  size_t combinations = 0;
  for (const Connection& project : project_sides())
    for (const Connection& given : participant_sides(project)) {
      ASSERT_EQ(mistake_in(given), "");
      ++combinations;
    }

  EXPECT_EQ(combinations, 12'096u);
}

/// Local settings of one key at the three places; empty: none.
using Placed = std::array<std::string, 3>;
constexpr std::array<std::pair<Origin, const char*>, 3> kPlaces{std::pair{Origin::local, "f.yml:1"},
                                                                std::pair{Origin::environment, "VARIABLE"},
                                                                std::pair{Origin::command_line, "--set"}};

/// The strongest place first, because the order in the list means nothing.
void place(const std::string& key, const Placed& values, Overrides& into) {
  for (size_t i = kPlaces.size(); i-- > 0;)
    if (!values[i].empty()) into.push_back({key, values[i], kPlaces[i].first, kPlaces[i].second});
}

struct Messages {
  std::string project, participant;
  Placed security, target;
};

std::string mistake_in(const Messages& given, const ResolvedParticipant& kit) {
  ResolvedParticipant one = kit;
  Overrides overrides;
  place("message_security", given.security, overrides);
  place("connect_to", given.target, overrides);
  Said wanted =
      strongest({{"auto"}, {given.project, Origin::project}, {given.participant, Origin::participant}});
  if (wanted.value == "auto") wanted.origin = Origin::automatic;
  Said target{"srv"};
  auto strength = [](const std::string& text) { return base::parse_message_security(text).value(); };
  bool refused = false;
  for (size_t i = 0; i < kPlaces.size(); ++i) {
    if (!given.target[i].empty()) target = {given.target[i], kPlaces[i].first, kPlaces[i].second};
    if (given.security[i].empty()) continue;
    refused = refused || strength(given.security[i]) < strength(wanted.value);
    wanted = {given.security[i], kPlaces[i].first, kPlaces[i].second};
  }

  const bool applied = apply_overrides(one, overrides).has_value();

  if (applied == refused) return "refused or not";
  if (refused) return {};
  wanted.at = one.message_security.origin < Origin::local ? one.message_security.at : wanted.at;
  const std::string security =
      difference(one.message_security, base::name(one.message_security.value), wanted);
  return security.empty() ? difference(one.connect_to, one.connect_to.value.host, target) : security;
}

/// All values of three places.
template <size_t kCount>
std::vector<Placed> placings(const std::array<const char*, kCount>& values) {
  std::vector<Placed> all;
  for (const char* local : values)
    for (const char* variable : values)
      for (const char* argument : values) all.push_back({local, variable, argument});
  return all;
}

constexpr std::array<const char*, 4> kMessageSecurities{"", "auto", "mac", "seal"};

TEST(ResolutionTable, GivesEveryCombinationOfPlacesWhatTheRulesSay) {
  size_t combinations = 0;
  for (const char* project : kMessageSecurities)
    for (const char* participant : kMessageSecurities) {
      const auto line = [](const char* value) {
        return *value == '\0' ? "" : std::string("message_security: ") + value;
      };
      const ResolvedParticipant kit = *resolved(project_with(line(project), "", line(participant))).find("c");
      for (const Placed& security : placings(kMessageSecurities))
        for (const Placed& target : placings(std::array<const char*, 2>{"", "h"})) {
          ASSERT_EQ(mistake_in({project, participant, security, target}, kit), "")
              << project << " " << participant << " " << security[0] << "," << security[1] << ","
              << security[2];
          ++combinations;
        }
    }

  EXPECT_EQ(combinations, 8'192u);
}

}  // namespace
}  // namespace fairlead::config
