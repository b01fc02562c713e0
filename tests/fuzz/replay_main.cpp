// Runs a fuzz target over every file of the folders named, in order of their names; without libFuzzer.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "base/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool replay(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream) return false;
  // Said before it runs, so that the last line names what a crash came from.
  std::cout << file.filename().string() << std::endl;
  const fairlead::base::Bytes input = fairlead::base::to_bytes(content);
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  size_t count = 0;
  for (const char* const folder : std::vector<const char*>(argv + 1, argv + argc))
    for (const fs::path& file : files_of(folder)) {
      if (!replay(file)) {
        std::cerr << "cannot read " << file << '\n';
        return 1;
      }
      ++count;
    }
  std::cout << count << " inputs\n";
  return count > 0 ? 0 : 1;
}
