package dev.spillway.regions.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/1.1 to one server, each request with a deadline for its whole answer. Blocks the calling thread. Thread-safe. */
final class HttpTransport implements AutoCloseable {
    // A list of 50,000 instances; what is larger is not an answer to anything asked.
    private static final long MOST_BYTES = 64L << 20;
    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final URI base;

    HttpTransport(URI base, Duration requestTimeout) {
        this.base = base;
        // Shorter than a request, so that a server that cannot be connected to is told from one that does not answer.
        Duration half = requestTimeout.dividedBy(2);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(half.compareTo(CONNECT_AT_MOST) < 0 ? half : CONNECT_AT_MOST)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(threads)
                .build();
    }

    Exchange get(String path, Duration deadline) {
        return exchange(request(path, deadline).GET().build(), deadline);
    }

    Exchange delete(String path, Duration deadline) {
        return exchange(request(path, deadline).DELETE().build(), deadline);
    }

    Exchange post(String path, byte[] json, Duration deadline) {
        return exchange(
                request(path, deadline)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json))
                        .build(),
                deadline);
    }

    private HttpRequest.Builder request(String path, Duration deadline) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(deadline);
    }

    private Exchange exchange(HttpRequest request, Duration deadline) {
        CompletableFuture<HttpResponse<String>> future =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
        try {
            HttpResponse<String> response = future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Exchange.Answered(response.statusCode(), response.body());
        } catch (TimeoutException late) {
            future.cancel(true);
            return new Exchange.NoAnswer("%s did not answer within %d ms".formatted(base, deadline.toMillis()));
        } catch (InterruptedException interrupted) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            return new Exchange.NoAnswer("the call was interrupted");
        } catch (ExecutionException failed) {
            return failure(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    /** The client connects before it sends, and says so when that failed. Everything else may have happened after sending. */
    private Exchange failure(Throwable cause) {
        LOG.atDebug().addKeyValue("endpoint", base).setCause(cause).log("a request failed");
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                ? new Exchange.NotDelivered("no connection to %s can be made".formatted(base))
                : new Exchange.NoAnswer("the exchange with %s ended without a whole answer".formatted(base));
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
