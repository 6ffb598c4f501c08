// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/json_values.hpp"

#include <algorithm>

namespace plimsoll::rpc::json_values {
namespace {

std::optional<TextPlace> place_of(json::value& value, std::string_view frame) {
    const auto text = plain_string(value);
    if (!text) return std::nullopt;
    return TextPlace{static_cast<std::uint32_t>(text->data() - frame.data()),
                     static_cast<std::uint32_t>(text->size())};
}

bool locate(json::value& value, std::string_view frame, TextPlace& out) {
    const auto place = place_of(value, frame);
    if (place) out = *place;
    return place.has_value();
}

bool locate_topics(json::value& value, std::string_view frame, LogPlaces& out) {
    json::array topics;
    if (value.get_array().get(topics) != simdjson::SUCCESS) return false;
    for (auto item : topics) {
        json::value topic;
        if (item.get(topic) != simdjson::SUCCESS || out.topic_count == out.topics.size()) return false;
        if (!locate(topic, frame, out.topics.at(out.topic_count))) return false;
        ++out.topic_count;
    }
    return true;
}

bool is_quantity(std::string_view text) {
    constexpr std::size_t kMaxDigits = 16;
    const auto is_digit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return text.starts_with("0x") && text.size() > 2 && text.size() <= 2 + kMaxDigits &&
           std::all_of(text.begin() + 2, text.end(), is_digit);
}

/// A field that nobody reads: a quantity may change from frame to frame, all else has to stay.
bool locate_unread(json::value& value, std::string_view frame, LogPlaces& out) {
    const auto place = place_of(value, frame);
    if (place && is_quantity(frame.substr(place->at, place->size))) out.unread.push_back(*place);
    return true;
}

bool locate_field(std::string_view key, json::value& value, std::string_view frame, LogPlaces& out) {
    if (key == "address") return locate(value, frame, out.address);
    if (key == "topics") return locate_topics(value, frame, out);
    if (key == "data") return locate(value, frame, out.data);
    if (key == "blockHash") return locate(value, frame, out.block_hash);
    if (key == "blockNumber") return locate(value, frame, out.block_number);
    if (key == "transactionHash") return locate(value, frame, out.transaction_hash);
    if (key == "transactionIndex") return locate(value, frame, out.transaction_index);
    if (key == "logIndex") return locate(value, frame, out.index);
    return locate_unread(value, frame, out);
}

}  // namespace

std::optional<LogPlaces> log_places(json::parser& parser, std::string_view frame, std::size_t capacity) {
    json::document document;
    json::object log;
    if (parser.iterate(frame.data(), frame.size(), capacity).get(document) != simdjson::SUCCESS)
        return std::nullopt;
    if (document["params"]["result"].get_object().get(log) != simdjson::SUCCESS) return std::nullopt;
    LogPlaces out;
    for (auto member : log) {
        std::string_view key;
        json::value item;
        if (member.unescaped_key().get(key) != simdjson::SUCCESS) return std::nullopt;
        if (member.value().get(item) != simdjson::SUCCESS) return std::nullopt;
        if (!locate_field(key, item, frame, out)) return std::nullopt;
    }
    return out;
}

}  // namespace plimsoll::rpc::json_values
