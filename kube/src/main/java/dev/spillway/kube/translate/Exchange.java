package dev.spillway.kube.translate;

import java.util.function.Function;

/**
 * An effect on its way: either one more request to send, or the answer. Most effects are one request; putting a node, for
 * instance, first looks whether it is there. Whoever drives it sends each request at most once, and answers Unknown itself
 * where a request got no response. Holds no state but what it closes over: several may be under way at once.
 *
 * @param <A> kind of the answer
 */
public sealed interface Exchange<A> {
    /** Send this, then go on with the response. */
    record Ask<A>(ApiRequest request, Function<ApiResponse, Exchange<A>> then) implements Exchange<A> {}

    /** Over. */
    record Told<A>(A answer) implements Exchange<A> {}

    /** One request, whose response is the answer. */
    static <A> Exchange<A> once(ApiRequest request, Function<ApiResponse, A> answer) {
        return new Ask<>(request, response -> new Told<>(answer.apply(response)));
    }

    /** Over, with this answer. */
    static <A> Exchange<A> told(A answer) {
        return new Told<>(answer);
    }
}
