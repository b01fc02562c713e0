#include "base/security.hpp"

#include <gtest/gtest.h>

#include "base/secret.hpp"

namespace fairlead::base {
namespace {

TEST(ConnectionSecurityText, AnyLetterCaseAndNothingElse) {
  EXPECT_EQ(parse_connection_security("mtls"), ConnectionSecurity::mtls);
  EXPECT_EQ(parse_connection_security("TLS"), ConnectionSecurity::tls);
  EXPECT_EQ(parse_connection_security("cLeAr"), ConnectionSecurity::clear);
  for (const char* text : {"", "insecure", "ssl", " tls", "tls ", "mtls\n", "none", "tl", "tlss"})
    EXPECT_FALSE(parse_connection_security(text)) << text;
  EXPECT_FALSE(parse_connection_security(std::string_view("tls\0", 4)));
}

TEST(MessageSecurityText, AnyLetterCaseAndNothingElse) {
  EXPECT_EQ(parse_message_security("auto"), MessageSecurity::automatic);
  EXPECT_EQ(parse_message_security("MAC"), MessageSecurity::mac);
  EXPECT_EQ(parse_message_security("seal"), MessageSecurity::seal);
  for (const char* text : {"", "automatic", "none", "clear", "seal "})
    EXPECT_FALSE(parse_message_security(text)) << text;
}

TEST(SecurityText, ErrorsNameTheChoices) {
  const auto read = parse_connection_security("ssl");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().line(), "\"ssl\" is not a connection security; use one of mtls, tls, clear");
}

TEST(SecurityOrder, WeakestFirst) {
  EXPECT_LT(ConnectionSecurity::clear, ConnectionSecurity::tls);
  EXPECT_LT(ConnectionSecurity::tls, ConnectionSecurity::mtls);
  EXPECT_LT(MessageSecurity::mac, MessageSecurity::seal);
}

TEST(LinkFactsBits, AreTheWireForm) {
  LinkFacts facts;
  EXPECT_EQ(facts.bits(), 0);
  facts.confidential = true;
  EXPECT_EQ(facts.bits(), 1);
  facts.peer_verified = true;
  EXPECT_EQ(facts.bits(), 3);
  facts.self_proven = true;
  EXPECT_EQ(facts.bits(), 7);
}

TEST(Secrets, MoveAndWipe) {
  Secret first(as_bytes("secret"));
  Secret second = std::move(first);
  EXPECT_EQ(as_text(second.expose()), "secret");
  Secret third(3);
  third = std::move(second);
  EXPECT_EQ(third.size(), 6u);
  third.wipe();
  EXPECT_TRUE(third.empty());
}

TEST(Secrets, WipeOverwrites) {
  Bytes bytes = to_bytes("secret");
  wipe(bytes);
  EXPECT_EQ(bytes, Bytes(6, 0));
}

}  // namespace
}  // namespace fairlead::base
