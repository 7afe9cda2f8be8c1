package dev.spillway.kube.http;

import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

/** Carries requests to an API server and brings their responses. */
@FunctionalInterface
public interface Sender {
    /**
     * Sends a request, a mutating one at most once, and waits for the whole response. Any HTTP status is a response; an {@link
     * IOException} means that there was none within the deadline, so that a mutating request may or may not have been done.
     */
    ApiResponse send(ApiRequest request, Duration deadline) throws IOException;

    /**
     * Sends an exchange's requests one after another until it is told, all within one deadline.
     *
     * @param unknown makes the answer where a request got no response, from one line that says which and why
     */
    default <A> A drive(Exchange<A> exchange, Duration deadline, Function<String, A> unknown) {
        long end = System.nanoTime() + deadline.toNanos();
        var step = exchange;
        while (true) {
            switch (step) {
                case Exchange.Told<A> told -> {
                    return told.answer();
                }
                case Exchange.Ask<A> ask -> {
                    var request = ask.request();
                    try {
                        step = ask.then().apply(send(request, Duration.ofNanos(end - System.nanoTime())));
                    } catch (IOException e) {
                        return unknown.apply("%s %s got no response: %s"
                                .formatted(request.method(), request.path(), Kubeconfig.reason(e)));
                    }
                }
            }
        }
    }
}
