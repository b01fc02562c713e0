#include "crypto/aead.hpp"

#include "base/assert.hpp"
#include "base/process_mark.hpp"
#include "base/secret.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using Iv = base::ByteArray<kAeadIvSize>;

}  // namespace

struct LaneCipher::State {
  State(AeadUse which, base::ByteView key, base::ByteView base_iv) : use(which) {
    FAIRLEAD_ASSERT(key.size() == kAeadKeySize && base_iv.size() == kAeadIvSize);
    base::copy(base_iv, iv);
    FAIRLEAD_ASSERT(context != nullptr && EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), nullptr,
                                                             direction(), nullptr) == 1);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { base::wipe(iv); }

  int direction() const noexcept { return use == AeadUse::protect ? 1 : 0; }

  /// Starts a frame: only the nonce changes, cipher and key schedule stay.
  void start(AeadUse wanted, base::Sequence sequence) {
    FAIRLEAD_ASSERT(use == wanted);
    mark.demand("a lane of its parent");
    Iv nonce = iv;
    base::ByteArray<8> counter;
    base::store_be(counter, sequence.value);
    for (size_t i = 0; i < counter.size(); ++i) nonce[4 + i] ^= counter[i];
    FAIRLEAD_ASSERT(EVP_CipherInit_ex2(context.get(), nullptr, nullptr, nonce.data(), direction(), nullptr) ==
                    1);
  }
  /// `out` null: authenticated only.
  void update(uint8_t* out, base::ByteView in) {
    int written = 0;
    if (in.empty()) return;
    FAIRLEAD_ASSERT(EVP_CipherUpdate(context.get(), out, &written, in.data(), narrow(in.size())) == 1);
  }
  Tag finish() {
    Tag tag;
    uint8_t none = 0;
    int written = 0;
    FAIRLEAD_ASSERT(EVP_CipherFinal_ex(context.get(), &none, &written) == 1);
    FAIRLEAD_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, tag.data()) == 1);
    return tag;
  }
  bool matches(base::ByteView tag) {
    Tag expected;
    uint8_t none = 0;
    int written = 0;
    if (tag.size() != expected.size()) return false;
    base::copy(tag, expected);
    FAIRLEAD_ASSERT(
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, expected.data()) == 1);
    return EVP_CipherFinal_ex(context.get(), &none, &written) == 1;
  }

  AeadUse use;
  base::ProcessMark mark = base::ProcessMark::current();
  OwnedCipher cipher{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
  OwnedCipherContext context{EVP_CIPHER_CTX_new()};
  Iv iv{};
};

LaneCipher::LaneCipher(AeadUse use, base::ByteView key, base::ByteView iv)
    : state_(std::make_unique<State>(use, key, iv)) {}
LaneCipher::~LaneCipher() = default;
LaneCipher::LaneCipher(LaneCipher&&) noexcept = default;
LaneCipher& LaneCipher::operator=(LaneCipher&&) noexcept = default;

Tag LaneCipher::tag(base::Sequence sequence, std::span<const base::ByteView> authenticated) {
  state_->start(AeadUse::protect, sequence);
  for (const base::ByteView part : authenticated) state_->update(nullptr, part);
  return state_->finish();
}

bool LaneCipher::check(base::Sequence sequence, std::span<const base::ByteView> authenticated,
                       base::ByteView tag) {
  state_->start(AeadUse::open, sequence);
  for (const base::ByteView part : authenticated) state_->update(nullptr, part);
  return state_->matches(tag);
}

Tag LaneCipher::seal(base::Sequence sequence, base::ByteView header, std::span<const base::ByteView> parts,
                     base::MutableByteView out) {
  state_->start(AeadUse::protect, sequence);
  state_->update(nullptr, header);
  for (const base::ByteView part : parts) {
    FAIRLEAD_ASSERT(part.size() <= out.size());
    state_->update(out.data(), part);
    out = out.subspan(part.size());
  }
  FAIRLEAD_ASSERT(out.empty());
  return state_->finish();
}

bool LaneCipher::open(base::Sequence sequence, base::ByteView header, base::MutableByteView content,
                      base::ByteView tag) {
  state_->start(AeadUse::open, sequence);
  state_->update(nullptr, header);
  state_->update(content.data(), content);
  if (state_->matches(tag)) return true;
  base::wipe(content);
  return false;
}

}  // namespace fairlead::crypto
