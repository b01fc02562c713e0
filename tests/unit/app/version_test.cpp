#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "build_paths.hpp"
#include "fairlead/node.h"

namespace {

TEST(Version, IsTheOneOfTheBuild) {
  std::ifstream file(FAIRLEAD_SOURCE_DIR "/CMakeLists.txt");
  const std::string lists(std::istreambuf_iterator<char>(file), {});

  EXPECT_NE(lists.find("project(fairlead VERSION " FAIRLEAD_PRODUCT_VERSION " "), std::string::npos);
}

}  // namespace
