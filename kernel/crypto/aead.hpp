/// AES-256-GCM of one lane and direction: one keyed context, only the nonce changes per frame.
#pragma once
#include <memory>
#include <span>

#include "base/bytes.hpp"
#include "base/strong.hpp"

namespace fairlead::crypto {

inline constexpr size_t kAeadKeySize = 32, kAeadIvSize = 12, kAeadTagSize = 16;
using Tag = base::ByteArray<kAeadTagSize>;

enum class AeadUse { protect, open };

/// Nonce = iv XOR (0^4 || sequence). The caller never uses a sequence twice with `protect`.
/// A process that was forked ends when it uses a cipher of its parent: both would use the same nonces.
/// Thread rule: one thread at a time.
class LaneCipher {
 public:
  LaneCipher(AeadUse use, base::ByteView key, base::ByteView iv);
  ~LaneCipher();
  LaneCipher(LaneCipher&&) noexcept;
  LaneCipher& operator=(LaneCipher&&) noexcept;

  /// mac: every part is authenticated, nothing is encrypted.
  Tag tag(base::Sequence sequence, std::span<const base::ByteView> authenticated);
  bool check(base::Sequence sequence, std::span<const base::ByteView> authenticated, base::ByteView tag);
  /// seal: `header` is authenticated, the parts are encrypted one after another into `out` (their total
  /// size).
  Tag seal(base::Sequence sequence, base::ByteView header, std::span<const base::ByteView> parts,
           base::MutableByteView out);
  /// Decrypts `content` in place. On false its bytes are wiped.
  bool open(base::Sequence sequence, base::ByteView header, base::MutableByteView content,
            base::ByteView tag);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairlead::crypto
