package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.assertj.core.api.Assertions;

/** Answers an exchange's requests from a list, in order, and keeps the requests. */
final class ScriptedServer {
    static final ApiResponse OK = ApiResponse.of(200, "{}");
    static final ApiResponse NOT_FOUND = status(404, "NotFound", "not found");

    private final Deque<ApiResponse> responses = new ArrayDeque<>();
    private final List<ApiRequest> requests = new ArrayList<>();

    ScriptedServer(ApiResponse... responses) {
        this.responses.addAll(List.of(responses));
    }

    static ApiResponse status(int code, String reason, String message) {
        return ApiResponse.of(code, """
                {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"%s","message":"%s","code":%d}""".formatted(reason, message, code));
    }

    /** The same JSON, whatever the order of its keys. */
    static void assertJson(String actual, String expected) {
        try {
            Assertions.assertThat(Json.MAPPER.readTree(actual)).isEqualTo(Json.MAPPER.readTree(expected));
        } catch (JsonProcessingException e) {
            throw new AssertionError(actual, e);
        }
    }

    <A> A drive(Exchange<A> exchange) {
        var step = exchange;
        while (step instanceof Exchange.Ask<A> ask) {
            requests.add(ask.request());
            Assertions.assertThat(responses)
                    .as("a response for %s", ask.request())
                    .isNotEmpty();
            step = ask.then().apply(responses.remove());
        }
        Assertions.assertThat(responses).as("responses nobody asked for").isEmpty();
        return ((Exchange.Told<A>) step).answer();
    }

    List<ApiRequest> requests() {
        return requests;
    }

    /** Method and path of each request. */
    List<String> lines() {
        return requests.stream().map(r -> r.method() + " " + r.path()).toList();
    }

    ApiRequest only() {
        Assertions.assertThat(requests).hasSize(1);
        return requests.getFirst();
    }
}
