// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/log_codec.hpp"

#include "chain/codec/event_codec.hpp"

#include <limits>

namespace plimsoll::codec {

namespace {

constexpr std::uint64_t kLogsVersion = 1;
constexpr std::uint64_t kMaxU32 = std::numeric_limits<std::uint32_t>::max();

void read_topics(RlpReader& in, Log& log) {
    RlpReader topics = in.list();
    while (!topics.at_end()) {
        const Hash32 topic = topics.hash();
        if (log.topic_count == log.topics.size()) {
            topics.reject("a log with more than four topics");
        } else {
            log.topics[log.topic_count++] = topic;
        }
    }
    in.absorb(topics);
}

}  // namespace

void write_log(RlpWriter& out, const Log& log) {
    out.begin_list().address(log.address).begin_list();
    for (std::size_t i = 0; i < log.topic_count; ++i)
        out.hash(log.topics[i]);
    out.end_list().bytes(log.data_view()).integer(log.block_number.value).hash(log.block_hash);
    out.hash(log.transaction_hash).integer(log.transaction_index).integer(log.index);
    out.integer(log.removed ? 1U : 0U).end_list();
}

Log read_log(RlpReader& in) {
    RlpReader fields = in.list();
    Log log;
    log.address = fields.address();
    read_topics(fields, log);
    log.data.assign(fields.bytes());
    log.block_number = BlockNumber{fields.u64()};
    log.block_hash = fields.hash();
    log.transaction_hash = fields.hash();
    log.transaction_index = static_cast<std::uint32_t>(fields.bounded(kMaxU32));
    log.index = static_cast<std::uint32_t>(fields.bounded(kMaxU32));
    log.removed = fields.boolean();
    in.absorb(fields);
    return log;
}

void write_logs(RlpWriter& out, std::span<const Log> logs) {
    out.begin_list();
    for (const Log& log : logs)
        write_log(out, log);
    out.end_list();
}

std::vector<Log> read_logs(RlpReader& in) {
    RlpReader items = in.list();
    std::vector<Log> logs;
    while (!items.at_end())
        logs.push_back(read_log(items));
    in.absorb(items);
    return logs;
}

Bytes encode_logs(std::span<const Log> logs) {
    RlpWriter out;
    out.begin_list().integer(kLogsVersion);
    write_logs(out, logs);
    return out.end_list().take();
}

Result<std::vector<Log>> decode_logs(BytesView data) {
    RlpReader in{data};
    RlpReader fields = in.list();
    if (fields.u64() != kLogsVersion) fields.reject("an unknown format version");
    std::vector<Log> logs = read_logs(fields);
    in.absorb(fields);
    PLIMSOLL_CHECK(in.finish("encoded logs"));
    return logs;
}

}  // namespace plimsoll::codec
