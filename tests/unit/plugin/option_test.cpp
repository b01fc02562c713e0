#include <gtest/gtest.h>

#include <limits>

#include "plugin/option_text.hpp"
#include "plugin/option_values.hpp"

namespace fairlead::support {
namespace {

using plugin::LinkCredentials;
using plugin::OptionValues;

constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
constexpr fairlead_option kDeclared[] = {
    {"security", "mtls", "h", FAIRLEAD_TEXT, 0, 0, 0},
    {"key", nullptr, "h", FAIRLEAD_SECRET, FAIRLEAD_OPT_SENSITIVE, 0, 0},
    {"handshake_time", "10s", "h", FAIRLEAD_DURATION_NS, 0, 1'000'000, 60'000'000'000},
    {"buffer", "64KiB", "h", FAIRLEAD_SIZE_BYTES, 0, 4096, 1 << 20},
    {"no_delay", nullptr, "h", FAIRLEAD_BOOL, 0, 0, 0},
    {"depth", nullptr, "h", FAIRLEAD_INT, FAIRLEAD_OPT_REQUIRED, -4, 4},
};

class Options : public ::testing::Test {
 protected:
  std::string error(const plugin::OptionTexts& texts) {
    const auto values = OptionValues::read("org.example.x", kDeclared, credentials, texts);
    return values ? "" : values.error().line();
  }
  static const fairlead_value* find(const fairlead_config& config, std::string_view name) {
    for (uint32_t i = 0; i < config.count; ++i)
      if (name == config.values[i].name) return &config.values[i];
    return nullptr;
  }

  LinkCredentials credentials;
};

TEST_F(Options, TextsBecomeValues) {
  const auto values = OptionValues::read("org.example.x", kDeclared, credentials,
                                         {{"depth", "-4"}, {"no_delay", "yes"}, {"buffer", "4KiB"}});

  ASSERT_TRUE(values.has_value());
  const fairlead_config config = values->config();
  EXPECT_EQ(find(config, "depth")->number, -4);
  EXPECT_EQ(find(config, "no_delay")->number, 1);
  EXPECT_EQ(find(config, "buffer")->number, 4096);
  EXPECT_EQ(find(config, "handshake_time")->number, 10'000'000'000);
  EXPECT_EQ(config.value_size, sizeof(fairlead_value));
}

TEST_F(Options, AbsentWithoutDefaultStaysAbsent) {
  const auto values = OptionValues::read("org.example.x", kDeclared, credentials, {{"depth", "1"}});

  EXPECT_EQ(find(values->config(), "no_delay"), nullptr);
  EXPECT_EQ(find(values->config(), "key"), nullptr);
}

TEST_F(Options, CredentialsFillTheReservedOnes) {
  const base::Secret key(base::as_bytes("pem"));
  credentials.security = base::ConnectionSecurity::tls;
  credentials.key_pem = &key;
  const auto values = OptionValues::read("org.example.x", kDeclared, credentials, {{"depth", "1"}});

  const fairlead_text security = find(values->config(), "security")->text;
  EXPECT_EQ(std::string_view(security.data, security.size), "tls");
  EXPECT_EQ(base::as_text(*values->secret("key")), "pem");
  EXPECT_FALSE(values->secret("other").has_value());
}

TEST_F(Options, CurveKeysComeFromTheKitToo) {
  constexpr fairlead_option kCurve[] = {
      {"curve_key", nullptr, "h", FAIRLEAD_SECRET, FAIRLEAD_OPT_SENSITIVE, 0, 0},
      {"server_curve", "", "h", FAIRLEAD_TEXT, 0, 0, 0},
      {}};
  const base::Secret key(base::as_bytes("raw"));
  credentials.curve_key = &key;
  credentials.server_curve = {0xab, 0x01};
  const auto read = [&](const plugin::OptionTexts& texts) {
    return OptionValues::read("org.example.x", std::span(kCurve, 2), credentials, texts);
  };

  const auto values = read({});

  ASSERT_TRUE(values.has_value());
  const fairlead_text server = find(values->config(), "server_curve")->text;
  EXPECT_EQ(std::string_view(server.data, server.size), "ab01");
  EXPECT_EQ(base::as_text(*values->secret("curve_key")), "raw");
  EXPECT_FALSE(read({{"server_curve", "00"}}).has_value());
}

TEST_F(Options, OneOfTheSiteIsRefusedInAProject) {
  constexpr fairlead_option kOfTheSite[] = {
      {"command", nullptr, "help", FAIRLEAD_TEXT, FAIRLEAD_OPT_LOCAL, 0, 0},
      {"shell", nullptr, "help", FAIRLEAD_TEXT, 0, 0, 0},
  };

  EXPECT_FALSE(plugin::check_option("org.example.x", kOfTheSite, "command", "ssh").has_value());
  EXPECT_TRUE(plugin::check_option("org.example.x", kOfTheSite, "shell", "sh").has_value());
  EXPECT_TRUE(OptionValues::read("org.example.x", kOfTheSite, credentials, {{"command", "ssh"}}).has_value());
}

TEST_F(Options, OnlyTheKitSaysThatCertificatesMayLackUsages) {
  constexpr fairlead_option kLegacy[] = {{"legacy_certificates", "false", "help", FAIRLEAD_BOOL, 0, 0, 1},
                                         {}};
  const auto read = [&](const plugin::OptionTexts& texts) {
    return OptionValues::read("org.example.x", std::span(kLegacy, 1), credentials, texts);
  };

  EXPECT_EQ(find(read({})->config(), "legacy_certificates")->number, 0);
  EXPECT_FALSE(read({{"legacy_certificates", "true"}}).has_value());
  credentials.legacy = crypto::LegacyRules::yes;
  EXPECT_EQ(find(read({})->config(), "legacy_certificates")->number, 1);
}

TEST_F(Options, UnknownOneNamesTheNearest) {
  EXPECT_NE(error({{"depth", "1"}, {"bufer", "1"}}).find("did you mean buffer?"), std::string::npos);
}

TEST_F(Options, OneIsCheckedWithoutTheOthers) {
  const auto check = [](std::string_view option, std::string_view text) {
    const auto known = plugin::check_option("org.example.x", kDeclared, option, text);
    return known ? "" : known.error().line();
  };

  EXPECT_EQ(check("buffer", "4KiB"), "");
  EXPECT_NE(check("buffer", "4095"), "");
  EXPECT_NE(check("depth", "five"), "");
  EXPECT_NE(check("bufer", "4KiB").find("did you mean buffer?"), std::string::npos);
  EXPECT_NE(check("key", "file").find("comes from the kit"), std::string::npos);
}

TEST_F(Options, ReservedOneCannotBeSet) {
  EXPECT_NE(error({{"depth", "1"}, {"security", "clear"}}).find("comes from the kit"), std::string::npos);
}

TEST_F(Options, RequiredOneMustBeSet) { EXPECT_NE(error({}).find("depth: required"), std::string::npos); }

TEST_F(Options, RangeIsInclusive) {
  EXPECT_EQ(error({{"depth", "4"}}), "");
  EXPECT_NE(error({{"depth", "5"}}).find("expected a value from -4 to 4"), std::string::npos);
  EXPECT_EQ(error({{"depth", "-4"}}), "");
  EXPECT_NE(error({{"depth", "-5"}}), "");
}

TEST_F(Options, SetTwiceIsRefused) { EXPECT_NE(error({{"depth", "1"}, {"depth", "2"}}), ""); }

TEST(OptionText, ReadsDurations) {
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_DURATION_NS, "250ms"), 250'000'000);
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_DURATION_NS, "2 h"), 7'200'000'000'000);
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_DURATION_NS, "0"), 0);
  EXPECT_FALSE(plugin::parse_number(FAIRLEAD_DURATION_NS, "10").has_value());
  EXPECT_FALSE(plugin::parse_number(FAIRLEAD_DURATION_NS, "10 days").has_value());
  EXPECT_FALSE(plugin::parse_number(FAIRLEAD_DURATION_NS, "9999999999999h").has_value());
}

TEST(OptionText, ReadsSizes) {
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_SIZE_BYTES, "64KiB"), 65536);
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_SIZE_BYTES, "1MB"), 1'000'000);
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_SIZE_BYTES, "7"), 7);
  EXPECT_FALSE(plugin::parse_number(FAIRLEAD_SIZE_BYTES, "").has_value());
  EXPECT_FALSE(plugin::parse_number(FAIRLEAD_SIZE_BYTES, "8589934592GiB").has_value());
}

TEST(OptionText, WritesNumbersInTheLargestUnit) {
  EXPECT_EQ(plugin::number_text(FAIRLEAD_DURATION_NS, 250'000'000), "250ms");
  EXPECT_EQ(plugin::number_text(FAIRLEAD_DURATION_NS, 60'000'000'000), "1m");
  EXPECT_EQ(plugin::number_text(FAIRLEAD_SIZE_BYTES, 65536), "64KiB");
  EXPECT_EQ(plugin::number_text(FAIRLEAD_SIZE_BYTES, 7), "7");
  EXPECT_EQ(plugin::number_text(FAIRLEAD_SIZE_BYTES, 0), "0");
  EXPECT_EQ(plugin::number_text(FAIRLEAD_INT, -3), "-3");
}

TEST(OptionText, ReadsWholeNumbersOnly) {
  EXPECT_EQ(plugin::parse_number(FAIRLEAD_INT, "9223372036854775807"), kAny);
  for (const char* text : {"", "+1", "1.5", "0x10", "1 ", "9223372036854775808", "one"})
    EXPECT_FALSE(plugin::parse_number(FAIRLEAD_INT, text).has_value()) << text;
}

}  // namespace
}  // namespace fairlead::support
