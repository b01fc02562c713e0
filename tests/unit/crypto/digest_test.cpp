#include "crypto/digest.hpp"

#include <gtest/gtest.h>

namespace fairlead::crypto {
namespace {

using base::as_bytes;
using base::hex;

base::Bytes unhex(std::string_view text) { return base::from_hex(text).value(); }

base::Bytes counting(int first, int last) {
  base::Bytes out;
  for (int i = first; i <= last; ++i) out.push_back(static_cast<uint8_t>(i));
  return out;
}

/// One test case of RFC 5869, appendix A.
struct HkdfCase {
  base::Bytes input_key, salt, info;
  size_t size;
  std::string pseudorandom_key, output;
};

std::vector<HkdfCase> rfc5869_cases() {
  return {{base::Bytes(22, 0x0b), counting(0, 0x0c), counting(0xf0, 0xf9), 42,
           "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
           "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
          {counting(0, 0x4f), counting(0x60, 0xaf), counting(0xb0, 0xff), 82,
           "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
           "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
           "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
          {base::Bytes(22, 0x0b),
           {},
           {},
           42,
           "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
           "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"}};
}

TEST(Hkdf, MatchesRfc5869) {
  for (const HkdfCase& vector : rfc5869_cases()) {
    const base::Secret key = hkdf_extract(vector.salt, vector.input_key);
    EXPECT_EQ(hex(key.expose()), vector.pseudorandom_key);
    EXPECT_EQ(hex(hkdf_expand(key.expose(), vector.info, vector.size).expose()), vector.output);
  }
}

TEST(Hkdf, ExpandsUpToTheLimitOfTheRfc) {
  const base::Bytes key(32, 1);
  EXPECT_EQ(hkdf_expand(key, {}, 255 * 32).size(), 255u * 32u);
  EXPECT_DEATH(hkdf_expand(key, {}, 255 * 32 + 1), "assertion failed");
}

TEST(Sha256, MatchesFips180Examples) {
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256({as_bytes("abc")})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PartsAreJoined) {
  EXPECT_EQ(sha256({as_bytes("a"), {}, as_bytes("bc")}), sha256({as_bytes("abc")}));
}

TEST(Sha256Stream, GoesOnAfterADigest) {
  Sha256Stream stream;
  EXPECT_EQ(stream.digest(), sha256({}));
  stream.update(as_bytes("ab"));
  EXPECT_EQ(stream.digest(), sha256({as_bytes("ab")}));
  Sha256Stream moved = std::move(stream);
  moved.update(as_bytes("c"));
  EXPECT_EQ(moved.digest(), sha256({as_bytes("abc")}));
  EXPECT_EQ(moved.digest(), sha256({as_bytes("abc")}));
}

TEST(ConstantTimeEqual, ComparesContentAndLength) {
  EXPECT_TRUE(constant_time_equal({}, {}));
  EXPECT_TRUE(constant_time_equal(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(constant_time_equal(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(constant_time_equal(as_bytes("abc"), as_bytes("ab")));
  EXPECT_FALSE(constant_time_equal(as_bytes("a"), {}));
}

TEST(Hkdf, DifferentSaltsGiveDifferentKeys) {
  const base::Bytes input = unhex("0102");
  EXPECT_FALSE(constant_time_equal(hkdf_extract(as_bytes("a"), input).expose(),
                                   hkdf_extract(as_bytes("b"), input).expose()));
}

}  // namespace
}  // namespace fairlead::crypto
