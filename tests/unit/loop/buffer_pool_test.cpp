#include "loop/buffer_pool.hpp"

#include <gtest/gtest.h>

namespace fairlead::loop {
namespace {

TEST(BufferPool, RoundsUpToItsSizes) {
  BufferPool pool(1 << 20);

  EXPECT_EQ(pool.take(1).get()->bytes.size(), 4096u);
  EXPECT_EQ(pool.take(4096).get()->bytes.size(), 4096u);
  EXPECT_EQ(pool.take(4097).get()->bytes.size(), 16384u);
  EXPECT_EQ(pool.take(16385).get()->bytes.size(), 65536u);
  EXPECT_EQ(pool.take(65537).get()->bytes.size(), 262144u);
}

TEST(BufferPool, MakesLargeBlocksToMeasure) {
  BufferPool pool(1 << 20);

  EXPECT_EQ(pool.take(262145).get()->bytes.size(), 262145u);
}

TEST(BufferPool, GivesTheSameMemoryAgain) {
  BufferPool pool(1 << 20);
  const uint8_t* first = pool.take(4096).get()->bytes.data();

  EXPECT_EQ(pool.take(100).get()->bytes.data(), first);
}

TEST(BufferPool, CountsWhatIsLent) {
  BufferPool pool(1 << 20);
  const base::BlockRef small = pool.take(1);
  {
    const base::BlockRef large = pool.take(300000);
    EXPECT_EQ(pool.lent_bytes(), 4096u + 300000u);
  }

  EXPECT_EQ(pool.lent_bytes(), 4096u);
}

TEST(BufferPool, LendsAnyNumberBeyondWhatItKeeps) {
  BufferPool pool(8192);
  std::vector<base::BlockRef> blocks;
  blocks.reserve(100);
  for (int i = 0; i < 100; ++i) blocks.push_back(pool.take(4096));
  blocks.clear();

  EXPECT_EQ(pool.lent_bytes(), 0u);
}

TEST(BufferPool, EndsWithALongFreeList) {
  BufferPool pool(size_t{512} << 20);
  std::vector<base::BlockRef> blocks;
  blocks.reserve(100000);
  for (int i = 0; i < 100000; ++i) blocks.push_back(pool.take(4096));

  blocks.clear();

  EXPECT_EQ(pool.lent_bytes(), 0u);
}

}  // namespace
}  // namespace fairlead::loop
