// SPDX-License-Identifier: Apache-2.0
#include "bot/endpoint_params.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

namespace plimsoll::bot {
namespace {

Result<rpc::Url> address_of(const config::Endpoint& endpoint) {
    if (!endpoint.ipc.empty()) return rpc::ipc_url(std::filesystem::absolute(endpoint.ipc).string());
    if (!endpoint.ws.empty()) return url_of(endpoint.ws);
    if (!endpoint.http.empty()) return url_of(endpoint.http);
    return fail(Errc::config_invalid, "it has no address; add ws, ipc or http");
}

Result<rpc::HttpHeader> header_of(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return fail(Errc::config_invalid, "a header is \"Name: value\"");
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' '))
        value.remove_prefix(1);
    rpc::HttpHeader out{std::string{line.substr(0, colon)}, std::string{value}};
    PLIMSOLL_CHECK(rpc::check_header(out.name, out.value));
    return out;
}

Result<std::vector<rpc::HttpHeader>> headers_of(const std::vector<std::string>& lines) {
    std::vector<rpc::HttpHeader> out;
    for (const std::string& line : lines) {
        PLIMSOLL_TRY(rpc::HttpHeader header, header_of(line));
        out.push_back(std::move(header));
    }
    return out;
}

Result<rpc::EndpointParams> params_of(const config::Endpoint& endpoint, ChainId chain) {
    rpc::EndpointParams out;
    PLIMSOLL_TRY(out.url, address_of(endpoint));
    PLIMSOLL_TRY(out.headers, headers_of(endpoint.headers));
    out.tls.ca_file = endpoint.ca_file;
    out.chain_id = chain;
    return out;
}

}  // namespace

Result<rpc::Url> url_of(const config::Url& url) {
    std::string text = std::string{config::to_string(url.scheme)} + "://";
    if (!url.user_info.empty()) text += url.user_info + "@";
    const bool ipv6 = url.host.find(':') != std::string::npos;
    text += ipv6 ? "[" + url.host + "]" : url.host;
    return rpc::parse_url(text + ":" + std::to_string(url.port) + url.target);
}

bool can_follow(const config::Endpoint& endpoint) noexcept {
    return !endpoint.ipc.empty() || !endpoint.ws.empty();
}

Result<rpc::EndpointParams> endpoint_params(const config::Endpoint& endpoint, ChainId chain) {
    Result<rpc::EndpointParams> out = params_of(endpoint, chain);
    if (!out) out.error().context.insert(0, "endpoint " + endpoint.name + ": ");
    return out;
}

Result<rpc::EndpointParams> relay_params(const config::Lane& lane) {
    rpc::EndpointParams out;
    PLIMSOLL_TRY(out.url, url_of(lane.url));
    if (rpc::can_subscribe(out.url.scheme))
        return fail(Errc::config_invalid, "a relay is reached over http or https");
    PLIMSOLL_TRY(out.headers, headers_of(lane.headers));
    out.tls.ca_file = lane.ca_file;
    out.use = rpc::Use::submit;
    return out;
}

std::string bare_address(const rpc::Url& url) {
    if (url.scheme == rpc::Scheme::ipc) return "ipc://localhost";
    const bool ipv6 = url.host.find(':') != std::string::npos;
    return std::string{rpc::to_string(url.scheme)} + "://" + (ipv6 ? "[" + url.host + "]" : url.host) + ":" +
           url.port;
}

}  // namespace plimsoll::bot
