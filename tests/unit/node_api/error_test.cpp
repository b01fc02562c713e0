#include <gtest/gtest.h>

#include <cstring>

#include "node/c_api_error.hpp"

namespace fairlead::node {
namespace {

TEST(NodeErrorStruct, CarriesEveryText) {
  const fairlead_node_error error =
      to_c({base::ErrorCode::bad_configuration, "text", "hint", "f:1:1", "kit_changed"});

  EXPECT_EQ(error.status, FAIRLEAD_E_CONFIG);
  EXPECT_EQ(error.code, uint32_t{FAIRLEAD_NODE_BAD_CONFIGURATION});
  EXPECT_EQ(error.exit_code, 4);
  EXPECT_STREQ(error.text, "text");
  EXPECT_STREQ(error.hint, "hint");
  EXPECT_STREQ(error.origin, "f:1:1");
  EXPECT_STREQ(error.reason, "kit_changed");
}

TEST(NodeErrorStruct, TakesATextThatJustFits) {
  EXPECT_EQ(std::strlen(to_c({base::ErrorCode::failed, std::string(1023, 'a')}).text), 1023u);
}

TEST(NodeErrorStruct, CutsATextThatIsOneTooLong) {
  EXPECT_EQ(std::strlen(to_c({base::ErrorCode::failed, std::string(1024, 'a')}).text), 1023u);
}

TEST(NodeErrorStruct, CutsBetweenCharacters) {
  std::string text(1022, 'a');
  text += "\xc3\xa4";

  EXPECT_EQ(std::strlen(to_c({base::ErrorCode::failed, text}).text), 1022u);
}

TEST(NodeErrorStruct, FillsNoMoreThanTheCallerHas) {
  fairlead_node_error error{};
  error.struct_size = offsetof(fairlead_node_error, text);
  error.text[0] = 'x';

  report({base::ErrorCode::timed_out, "late"}, &error);

  EXPECT_EQ(error.status, FAIRLEAD_E_TIMEOUT);
  EXPECT_EQ(error.text[0], 'x');
}

TEST(NodeErrorStruct, MayBeAbsent) {
  EXPECT_EQ(report({base::ErrorCode::cannot_connect, "no"}, nullptr), FAIRLEAD_E_UNREACHABLE);
}

}  // namespace
}  // namespace fairlead::node
