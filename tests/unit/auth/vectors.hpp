/// Golden vectors: tests/vectors/NAME.json holds fixed inputs and what this version makes of them. A change
/// there is a change of the wire format. Set FAIRLEAD_WRITE_VECTORS=1 to write the files instead of
/// comparing.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "build_paths.hpp"

namespace fairlead::auth {

inline void expect_vectors(const std::string& name, const base::Json& computed) {
  const std::string path = FAIRLEAD_SOURCE_DIR "/tests/vectors/" + name + ".json";
  if (std::getenv("FAIRLEAD_WRITE_VECTORS") != nullptr) std::ofstream(path) << computed.dump(2) << "\n";
  std::ostringstream stored;
  stored << std::ifstream(path).rdbuf();

  EXPECT_EQ(stored.str(), computed.dump(2) + "\n") << path;
}

}  // namespace fairlead::auth
