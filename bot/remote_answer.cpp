// SPDX-License-Identifier: Apache-2.0
#include "bot/remote_answer.hpp"

#include "chain/primitives/hex.hpp"

#include <boost/json/parse.hpp>

namespace plimsoll::bot {

Result<Bytes> bytes_of_answer(std::string_view result) {
    namespace json = boost::json;
    boost::system::error_code bad;
    const json::value value = json::parse({result.data(), result.size()}, bad);
    const json::value* text = bad ? nullptr : &value;
    if (text != nullptr && text->is_object()) text = text->get_object().if_contains("raw");
    if (text == nullptr || !text->is_string())
        return fail(Errc::rpc_rejected, "the remote signer's answer holds no transaction");
    const json::string& hex = text->get_string();
    Result<Bytes> out = parse_hex({hex.data(), hex.size()});
    // The text itself is not repeated: whoever answers nonsense may answer anything.
    if (!out) return fail(Errc::rpc_rejected, "the remote signer's answer is no hex string");
    return out;
}

}  // namespace plimsoll::bot
