#include "config/host.hpp"

#include "given.hpp"

namespace fairlead::config {
namespace {

/// A DNS name of exactly that many characters, all labels legal.
std::string name_of(size_t size) {
  std::string name(size, 'a');
  for (size_t i = 63; i < size; i += 64) name[i] = '.';
  return name;
}

TEST(Host, N58AcceptsUpTo255Characters) {
  EXPECT_TRUE(parse_host(name_of(254)));
  EXPECT_TRUE(parse_host(name_of(255)));
  EXPECT_FALSE(parse_host("a." + name_of(254)));
}

TEST(Host, N58AcceptsLabelsUpTo63Characters) {
  EXPECT_TRUE(parse_host(filled(62, 'a') + ".b"));
  EXPECT_TRUE(parse_host(filled(63, 'a') + ".b"));
  EXPECT_FALSE(parse_host(filled(64, 'a') + ".b"));
}

TEST(Host, N58AcceptsAddressesOfBothFamilies) {
  EXPECT_EQ(parse_host("127.0.0.1").value(), "127.0.0.1");
  EXPECT_EQ(parse_host("2001:db8::1").value(), "2001:db8::1");
  EXPECT_EQ(parse_host("[2001:db8::1]").value(), "2001:db8::1");
  EXPECT_EQ(parse_host("::").value(), "::");
}

class RefusedHost : public testing::TestWithParam<const char*> {};
TEST_P(RefusedHost, IsRefused) { EXPECT_FALSE(parse_host(GetParam())) << GetParam(); }
INSTANTIATE_TEST_SUITE_P(Host, RefusedHost,
                         testing::Values("", ".", "a..b", ".a", "a.", "-a", "a-", "a b", "a/b", "a:80",
                                         "256.1.1.1", "1.2.3", "010.1.1.1", "1", "[127.0.0.1]", "[::1",
                                         "::1]", "1::2::3", "fe80::1%eth0", "tcp://a", "\xC3\xA4", "a\nb",
                                         "*"));

TEST(Host, ComparesNamesWithoutCaseAndAddressesByValue) {
  EXPECT_TRUE(same_host("LocalHost", "localhost"));
  EXPECT_TRUE(same_host("::1", "0:0:0:0:0:0:0:1"));
  EXPECT_FALSE(same_host("127.0.0.1", "127.0.0.2"));
  EXPECT_FALSE(same_host("a", "b"));
}

TEST(Port, AcceptsOneTo65535) {
  EXPECT_FALSE(parse_port("0"));
  EXPECT_EQ(parse_port("1").value(), 1);
  EXPECT_EQ(parse_port("65534").value(), 65534);
  EXPECT_EQ(parse_port("65535").value(), 65535);
  EXPECT_FALSE(parse_port("65536"));
  EXPECT_EQ(parse_port("0", 0).value(), 0);
}

TEST(Port, RefusesWhatIsNotDecimal) {
  for (const char* text : {"", "010", "0x10", "0o10", "-1", "+1", "1.0", "1e3", " 1", "1 ", "8_002", "port"})
    EXPECT_FALSE(parse_port(text)) << text;
}

TEST(Scheme, TakesTheReferencesNamesForTcp) {
  EXPECT_EQ(parse_scheme("grpc").value(), "tcp");
  EXPECT_EQ(parse_scheme("stcp").value(), "tcp");
  EXPECT_EQ(parse_scheme("http").value(), "tcp");
  EXPECT_EQ(parse_scheme("zmq").value(), "zmq");
}

TEST(Scheme, RefusesOddNames) {
  for (const char* text : {"", "TCP", "1a", "a b", "a_b", "tcp://"}) EXPECT_FALSE(parse_scheme(text)) << text;
  EXPECT_TRUE(parse_scheme(filled(32, 'a')));
  EXPECT_FALSE(parse_scheme(filled(33, 'a')));
}

}  // namespace
}  // namespace fairlead::config
