package dev.spillway.embedded.http;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as it came over the wire.
 *
 * @param method in capitals
 * @param path still percent-encoded, beginning with a slash
 * @param query still percent-encoded, without the question mark; empty for none
 * @param accept the Accept header; empty for none
 * @param contentType the Content-Type header, or null
 * @param body as text, or null for none
 * @param agent the User-Agent header; empty for none
 */
record Call(
        String method,
        String path,
        String query,
        String accept,
        @Nullable String contentType,
        @Nullable String body,
        String agent) {

    String pathAndQuery() {
        return query.isEmpty() ? path : path + "?" + query;
    }
}
