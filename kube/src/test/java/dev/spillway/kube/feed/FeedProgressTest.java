package dev.spillway.kube.feed;

import static dev.spillway.kube.feed.FeedScript.FAST;
import static dev.spillway.kube.feed.FeedScript.NAMESPACES;
import static dev.spillway.kube.feed.FeedScript.await;
import static dev.spillway.kube.feed.FeedScript.brings;
import static dev.spillway.kube.feed.FeedScript.bringsAndBreaks;
import static dev.spillway.kube.feed.FeedScript.bringsAndEnds;
import static dev.spillway.kube.feed.FeedScript.event;
import static dev.spillway.kube.feed.FeedScript.gives;
import static dev.spillway.kube.feed.FeedScript.hollow;
import static dev.spillway.kube.feed.FeedScript.isWatch;
import static dev.spillway.kube.feed.FeedScript.list;
import static dev.spillway.kube.feed.FeedScript.object;
import static dev.spillway.kube.feed.FeedScript.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.loopback.LoopbackServer.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a feed lists anew, and how a server that keeps it from getting on is noticed. */
@Timeout(30)
final class FeedProgressTest {
    @TempDir
    private Path folder;

    private final Told told = new Told();

    private Feed feed(ApiClient client, FeedSettings settings) {
        return new Feed(client, NAMESPACES, settings, told, ObjectListener.NONE);
    }

    @Test
    void aServerThatStartsDoesNotHaveEverythingListedAnew() throws Exception {
        LoopbackServer.Handler starting = call -> call.respond(503, "starting");
        try (var server = server(
                        List.of(gives(list(10, ""))),
                        List.of(
                                bringsAndBreaks(),
                                Call::hangUp,
                                starting,
                                starting,
                                starting,
                                starting,
                                brings(event("ADDED", object("a", "1", 11)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, FAST)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("listed", "seen a 11");
            assertThat(server.calls()).filteredOn(call -> !isWatch(call)).hasSize(1);
        }
    }

    @Test
    void aVersionThatTheServerCannotServeLeadsToANewList() throws Exception {
        LoopbackServer.Handler tooLarge = call -> call.respond(504, "Too large resource version");
        try (var server = server(
                        List.of(gives(list(10, "")), gives(list(5, "", object("a", "1", 4)))),
                        List.of(tooLarge, tooLarge, tooLarge, brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, FAST)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("listed", "seen a 4");
        }
    }

    @Test
    void watchesThatBringNothingAreNoProgress() throws Exception {
        var counted = new AtomicInteger();
        try (var server = hollow(bringsAndEnds());
                var client = new ApiClient(server.connection(folder), 2);
                var feed = new Feed(
                        client, NAMESPACES, FAST, told, ObjectListener.NONE, kind -> counted.incrementAndGet())) {
            feed.start();

            // What the first watch may have hidden is listed at once.
            assertThat(told.next(4)).containsExactly("seen a11 11", "listed", "seen a12 12", "gone a11");
            await("a problem", () -> !feed.problems().isEmpty());
            assertThat(feed.problems())
                    .singleElement()
                    .asString()
                    .contains("/api/v1/namespaces", "ends it with nothing in it");
            assertThat(counted).hasPositiveValue();
            int before = server.calls().size();
            assertThat(told.nextWithin(500)).isNull();
            assertThat(server.calls().size() - before).as("requests in 500 ms").isLessThan(15);
            assertThat(feed.problems()).hasSize(1);
        }
    }

    @Test
    void aStuckFeedGoesOnWithTheFirstEvent() throws Exception {
        var mended = new AtomicBoolean();
        try (var server = hollow(call -> {
                    if (mended.get()) {
                        brings(event("ADDED", object("late", "9", 99))).handle(call);
                    } else {
                        bringsAndEnds().handle(call);
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, FAST)) {
            feed.start();
            await("a problem", () -> !feed.problems().isEmpty());
            told.next(4);

            mended.set(true);

            assertThat(told.next(1)).containsExactly("seen late 99");
            await("no problem", () -> feed.problems().isEmpty());
            assertThat(feed.problems()).isEmpty();
        }
    }

    @Test
    void aVersionForgottenAsSoonAsItIsListedIsNoLoop() throws Exception {
        try (var server = hollow(call -> call.respond(410, "{\"kind\":\"Status\",\"code\":410}"));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, FAST)) {
            feed.start();
            await("a problem", () -> !feed.problems().isEmpty());
            int before = server.calls().size();
            told.next(2);

            await("requests", () -> server.calls().size() >= before + 4);
            long began = System.nanoTime();
            await("requests", () -> server.calls().size() >= before + 14);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(150));
            assertThat(feed.problems()).hasSize(1);
        }
    }

    @Test
    void pagesThatLeadNowhereAreNoList() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "p", object("a", "1", 5))),
                                gives(list(10, "p", object("b", "1", 5))),
                                gives(list(10, "q")),
                                gives("{\"metadata\":{\"resourceVersion\":\"10\"}}"),
                                gives(list(10, "", object("c", "3", 7)))),
                        List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, FAST)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("seen c 7", "listed");
        }
    }

    @Test
    void aSilentWatchIsTakenForDead() throws Exception {
        var settings =
                new FeedSettings(FAST.relistEvery(), Duration.ofMillis(200), FAST.watchLength(), FAST.pauses(), 500);
        try (var server = server(
                        List.of(gives(list(10, ""))), List.of(brings(), brings(event("ADDED", object("a", "1", 11)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, settings)) {
            feed.start();

            assertThat(told.next(2)).containsExactly("listed", "seen a 11");
        }
    }

    @Test
    void aServerThatComesBackIsFollowedAgain() throws IOException, InterruptedException {
        var broken = new AtomicBoolean();
        try (var server = new LoopbackServer(call -> {
                    if (broken.get()) {
                        call.respond(503, "starting");
                    } else if (isWatch(call)) {
                        bringsAndBreaks().handle(call);
                    } else {
                        call.respond(200, list(10, ""));
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, FAST)) {
            feed.start();
            told.next(1);
            broken.set(true);
            await("a problem", () -> !feed.problems().isEmpty());

            assertThat(feed.problems()).singleElement().asString().contains("503", "starting");
        }
    }
}
