// constant_time: does the time of a refusal tell how wrong the input was? For each pair of inputs that differ
// only in where they are wrong, Welch's t between the two distributions of times, as dudect does (Reparaz,
// Balasch, Verbauwhede: "Dude, is my code constant time?", 2017): the order is random, outliers are cropped
// at many heights, and the largest |t| counts. From 4.5 on a difference is taken for real. A comparison that
// stops at the first difference is measured as well: it must be found out, or the other numbers would say
// nothing. Arguments: --samples N (of each row, 1,000,000 without it), --json. Exit code 1 when a row is not
// as expected.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "auth/gate.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"

namespace {

using namespace fairlead;
using base::Bytes;

constexpr double kLimit = 4.5;
constexpr size_t kBatch = 1000, kCrops = 100, kDecoySize = 300;

/// Mean and variance as samples come (Welford).
class Moments {
 public:
  void add(double sample) {
    count_ += 1;
    const double before = sample - mean_;
    mean_ += before / count_;
    squares_ += before * (sample - mean_);
  }
  double count() const { return count_; }
  double mean() const { return mean_; }
  double error() const { return squares_ / (count_ - 1) / count_; }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

/// Times of two classes below one height.
struct Cropped {
  double height = 0;
  Moments classes[2];

  double t() const {
    const bool enough = classes[0].count() > 1000 && classes[1].count() > 1000;
    const double error = classes[0].error() + classes[1].error();
    return enough && error > 0 ? (classes[0].mean() - classes[1].mean()) / std::sqrt(error) : 0;
  }
};

/// All of dudect's heights: that of no sample at all, and 1 - 0.5^(10 i / 100) of the first batch.
class Test {
 public:
  explicit Test(std::vector<double> first_batch) : cropped_(kCrops + 1) {
    std::sort(first_batch.begin(), first_batch.end());
    for (size_t i = 1; i <= kCrops; ++i) {
      const double share = 1 - std::pow(0.5, 10 * static_cast<double>(i) / kCrops);
      cropped_[i].height = first_batch[std::min(
          first_batch.size() - 1, static_cast<size_t>(share * static_cast<double>(first_batch.size())))];
    }
    cropped_[0].height = HUGE_VAL;
  }
  void add(size_t which, double sample) {
    for (Cropped& one : cropped_)
      if (sample <= one.height) one.classes[which].add(sample);
  }
  /// The largest |t|, with its sign.
  double t() const {
    double largest = 0;
    for (const Cropped& one : cropped_)
      if (std::abs(one.t()) > std::abs(largest)) largest = one.t();
    return largest;
  }
  double mean(size_t which) const { return cropped_[0].classes[which].mean(); }

 private:
  std::vector<Cropped> cropped_;
};

/// Two kinds of input of the same work: makes a batch by its classes, then does the work for one of it.
struct Subject {
  std::string name;
  std::function<void(const std::vector<size_t>& classes)> prepare;
  std::function<void(size_t index)> run;
  bool leaks = false;
};

std::vector<double> times_of(const Subject& subject, const std::vector<size_t>& classes) {
  std::vector<double> times;
  subject.prepare(classes);
  for (size_t i = 0; i < classes.size(); ++i) {
    const auto before = std::chrono::steady_clock::now();
    subject.run(i);
    times.push_back(
        std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - before).count());
  }
  return times;
}

Test measure(const Subject& subject, size_t samples) {
  std::mt19937 random(1);
  const auto classes = [&] {
    std::vector<size_t> made(kBatch);
    for (size_t& one : made) one = random() & 1;
    return made;
  };
  static_cast<void>(times_of(subject, classes()));  // caches and branches are warm
  Test test(times_of(subject, classes()));
  for (size_t done = 0; done < samples; done += kBatch) {
    const std::vector<size_t> batch = classes();
    const std::vector<double> times = times_of(subject, batch);
    for (size_t i = 0; i < kBatch; ++i) test.add(batch[i], times[i]);
  }
  return test;
}

/// Where a copy of something right is made wrong.
enum class Wrong { nowhere, first, last };

Bytes spoilt(base::ByteView right, Wrong where) {
  Bytes out = base::to_bytes(right);
  if (where == Wrong::first) out.front() ^= 1;
  if (where == Wrong::last) out.back() ^= 1;
  return out;
}

bool stops_early(base::ByteView a, base::ByteView b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return false;
  return true;
}

volatile bool sink = false;

Subject compare(std::string name, bool (*equal)(base::ByteView, base::ByteView), Wrong one, Wrong other) {
  const Bytes right(kDecoySize, 0x5A);
  const auto batch = std::make_shared<std::vector<Bytes>>();
  return {.name = std::move(name),
          .prepare =
              [=](const std::vector<size_t>& classes) {
                batch->clear();
                for (const size_t which : classes) batch->push_back(spoilt(right, which == 0 ? one : other));
              },
          .run = [=](size_t index) { sink = equal((*batch)[index], right); }};
}

class HeapBlocks final : public base::BlockSource {
 public:
  base::BlockRef take(size_t at_least) override { return base::move_to_slice(Bytes(at_least)).owner; }
};

/// What of a message is wrong, and where.
struct Fault {
  Wrong name = Wrong::nowhere, token = Wrong::nowhere, signature = Wrong::nowhere, tag = Wrong::nowhere;
};

/// A gate of a server that goes on after refusals: each frame is the next of its lane and wrong in one way.
class RefusingGate {
 public:
  void prepare(const std::vector<size_t>& classes, const Fault& one, const Fault& other) {
    frames_.clear();
    for (const size_t which : classes) frames_.push_back(made(which == 0 ? one : other));
  }
  void run(size_t index) {
    const Frame& frame = frames_[index];
    sink = gate_.admit(frame.view, frame.owner, server_, session_, base::MonoTime{}).has_value();
  }

 private:
  struct Frame {
    base::BlockRef owner;
    frame::FrameView view;
  };
  static auth::Session a_session() {
    auth::Session session;
    session.id = {7};
    session.endpoint = *base::Endpoint::parse("site-1");
    session.current.token = Bytes(150, 0x11);
    session.current.token_signature = Bytes(256, 0x22);
    session.current.secret = base::Secret(base::ByteView(base::Digest{3}));
    session.current.deadline = base::MonoTime::max();
    return session;
  }
  static Bytes portable() {
    auth::Draft draft;
    draft.from = "site-1";
    draft.to = "server";
    draft.topic = "topic";
    draft.payload = base::copy_to_slice(base::as_bytes("payload"));
    return base::to_bytes(auth::compose(std::move(draft)).headers.portable);
  }

  Frame made(const Fault& fault) {
    // A frame with a wrong tag does not use up its sequence number.
    if (fault.tag != Wrong::nowhere)
      client_ = auth::Lane(auth::End::client, base::LaneId(1), session_, {1}, {2});
    const Bytes name = spoilt(base::as_bytes(session_.participant()), fault.name);
    const Bytes token = spoilt(session_.current.token, fault.token);
    const Bytes signature = spoilt(session_.current.token_signature, fault.signature);
    Bytes block;
    frame::append_credentials(block, base::as_text(name), token, signature);
    const base::Slice body = base::copy_to_slice(base::as_bytes("payload"));
    client_.protect(frame::FrameType::data, frame::kFirst | frame::kLast, base::StreamId{1}, block, portable_,
                    {&body, 1}, out_);
    Bytes bytes;
    for (const base::ByteView part : out_.begin_send(SIZE_MAX)) base::append(bytes, part);
    out_.end_send();
    if (fault.tag == Wrong::last) bytes.back() ^= 1;
    if (fault.tag == Wrong::first) bytes[bytes.size() - frame::kTagSize] ^= 1;
    Frame frame{base::move_to_slice(std::move(bytes)).owner, {}};
    frame.view = frame::decode(frame.owner.get()->bytes, {frame::kMaxBlock, frame::kMaxBody})->frame;
    return frame;
  }

  HeapBlocks memory_;
  frame::Outbox out_{memory_};
  auth::Session session_ = a_session();
  auth::Lane client_{auth::End::client, base::LaneId(1), session_, {1}, {2}};
  auth::Lane server_{auth::End::server, base::LaneId(1), session_, {1}, {2}};
  auth::Gate gate_{auth::End::server, {}};
  Bytes portable_ = portable();
  std::vector<Frame> frames_;
};

Subject refusal(std::string name, Fault one, Fault other) {
  const auto gate = std::make_shared<RefusingGate>();
  return {.name = std::move(name),
          .prepare = [=](const std::vector<size_t>& classes) { gate->prepare(classes, one, other); },
          .run = [=](size_t index) { gate->run(index); }};
}

std::vector<Subject> subjects() {
  std::vector<Subject> out;
  out.push_back(compare("compare that stops early", &stops_early, Wrong::first, Wrong::last));
  out.back().leaks = true;
  out.push_back(
      compare("compare, first byte or last", &crypto::constant_time_equal, Wrong::first, Wrong::last));
  out.push_back(compare("compare, equal or not", &crypto::constant_time_equal, Wrong::nowhere, Wrong::first));
  out.push_back(refusal("client name, first byte or last", {.name = Wrong::first}, {.name = Wrong::last}));
  out.push_back(refusal("token, first byte or last", {.token = Wrong::first}, {.token = Wrong::last}));
  out.push_back(
      refusal("signature, first byte or last", {.signature = Wrong::first}, {.signature = Wrong::last}));
  out.push_back(refusal("client name or signature", {.name = Wrong::first}, {.signature = Wrong::last}));
  out.push_back(refusal("tag, first byte or last", {.tag = Wrong::first}, {.tag = Wrong::last}));
  return out;
}

struct Arguments {
  size_t samples = 1'000'000;
  bool json = false;
};

[[noreturn]] void refuse(const std::string& word) {
  std::fprintf(stderr, "constant_time: unknown argument '%s'; use [--samples N] [--json]\n", word.c_str());
  std::exit(2);
}

Arguments arguments_of(int count, char** values) {
  const std::vector<std::string> words(values + 1, values + count);
  Arguments out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--json") {
      out.json = true;
    } else if (words[i] == "--samples" && i + 1 < words.size()) {
      const std::string& number = words[++i];
      const auto read = std::from_chars(number.data(), number.data() + number.size(), out.samples);
      if (read.ec != std::errc() || out.samples == 0) refuse(number);
    } else {
      refuse(words[i]);
    }
  }
  return out;
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments = arguments_of(count, values);
  std::vector<base::Json> rows;
  bool good = true;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (!arguments.json)
    std::printf("%-32s %10s %10s %9s\n", "where the input is wrong", "one, ns", "other, ns", "t");
  for (const Subject& subject : subjects()) {
    const Test test = measure(subject, arguments.samples);
    const bool expected = (std::abs(test.t()) >= kLimit) == subject.leaks;
    good = good && expected;
    if (!arguments.json)
      std::printf("%-32s %10.1f %10.1f %9.2f  %s\n", subject.name.c_str(), test.mean(0), test.mean(1),
                  test.t(),
                  !expected       ? "NOT AS EXPECTED"
                  : subject.leaks ? "found out, as it must be"
                                  : "");
    rows.push_back(base::Json::object({{"name", subject.name},
                                       {"ns", base::Json::array({test.mean(0), test.mean(1)})},
                                       {"t", test.t()},
                                       {"expected", expected}}));
  }
  if (arguments.json)
    std::printf("%s\n", base::Json::object({{"samples", static_cast<int64_t>(arguments.samples)},
                                            {"limit", kLimit},
                                            {"rows", base::Json::array(std::move(rows))}})
                            .dump()
                            .c_str());
  return good ? 0 : 1;
}
