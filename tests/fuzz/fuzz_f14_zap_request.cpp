// F14: what a listener's ZAP handler reads, and the packets of its peers. Parts of a ZAP request come from
// whoever connects: mechanism, identity and key.
#include <cstdlib>

#include "batch.hpp"
#include "fuzz/input.hpp"
#include "packet.hpp"
#include "window.hpp"
#include "zap_request.hpp"

namespace fairlead::fuzz {
namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_zap(Input input) {
  std::vector<std::string> frames;
  while (!input.is_over() && frames.size() < zmq_curve::kMostZapFrames)
    frames.emplace_back(base::as_text(input.piece()));
  const std::string id = zmq_curve::zap_request_id(frames);
  demand(id.size() <= 255);
  const auto request = zmq_curve::read_zap_request(frames);
  if (!request) return;
  // What is taken is what libzmq would have sent for this id and key, but for address and identity.
  auto made = zmq_curve::zap_request(request->id, request->key);
  made[3] = frames[3];
  made[4] = frames[4];
  demand(made == frames && request->id == id);
}

/// Its frames, put together again, are the packet.
void check_batch(base::ByteView packet) {
  zmq_curve::Batch again;
  for (size_t at = zmq_curve::kDataHeader; at < packet.size();) {
    const base::ByteView frame = zmq_curve::frame_at(packet, at);
    const fairlead_bytes slice{frame.data(), frame.size()};
    again.add({&slice, 1}, frame.size());
    at += zmq_curve::kFrameHeader + frame.size();
  }
  demand(again.frames() == zmq_curve::frames_in(packet));
  const zmq::message_t made = again.packet();
  demand(base::equal(zmq_curve::bytes_of(made), packet));
}

void check_packet(base::ByteView bytes) {
  const auto kind = zmq_curve::kind_of(bytes);
  if (kind == zmq_curve::Kind::kBatch) check_batch(bytes);
  if (kind != zmq_curve::Kind::kCredit) return;
  zmq_curve::SendWindow window;
  window.sent(1000);
  const zmq_curve::Credit credit = zmq_curve::read_credit(bytes);
  if (window.grant(credit)) demand(credit.taken <= 1000 && credit.window <= zmq_curve::kLargestWindow);
  const zmq::message_t again = zmq_curve::credit_packet(credit);
  demand(base::equal(zmq_curve::bytes_of(again), bytes));
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::check_zap({data, size});
  fairlead::fuzz::check_packet({data, size});
  return 0;
}
