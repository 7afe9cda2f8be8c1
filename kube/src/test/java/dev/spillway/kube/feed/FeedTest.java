package dev.spillway.kube.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.engine.Event;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.loopback.LoopbackServer.Call;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class FeedTest {
    private static final FeedSettings FAST = new FeedSettings(
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            2);
    private static final Set<Kind> NAMESPACES = EnumSet.of(Kind.NAMESPACES);

    @TempDir
    private Path folder;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private void tell(Event event) {
        told.add(
                switch (event) {
                    case Event.NamespaceSeen it ->
                        "seen " + it.name() + " " + it.labels().getOr("v", "");
                    case Event.NamespaceGone it -> "gone " + it.name();
                    case Event.PodGone it -> "gone " + it.pod() + " " + it.uid();
                    case Event.PodSeen it ->
                        "seen " + it.pod().key() + " " + it.pod().uid();
                    case Event.ClusterListed it -> "listed";
                    default -> event.toString();
                });
    }

    private List<String> next(int count) throws InterruptedException {
        var list = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var event = told.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("only " + list);
            }
            list.add(event);
        }
        return list;
    }

    private Feed feed(ApiClient client, Set<Kind> kinds, FeedSettings settings) {
        return new Feed(client, kinds, settings, this::tell, ObjectListener.NONE);
    }

    private static String object(String name, String uid, int version) {
        return """
            {"metadata":{"name":"%s","uid":"%s","resourceVersion":"%d","labels":{"v":"%d"}}}\
            """.formatted(name, uid, version, version);
    }

    private static String list(int version, String next, String... items) {
        return """
            {"kind":"List","metadata":{"resourceVersion":"%d","continue":"%s"},"items":[%s]}\
            """.formatted(version, next, String.join(",", items));
    }

    private static String event(String type, String object) {
        return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
    }

    private static String bookmark(int version) {
        return event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"%d\"}}".formatted(version));
    }

    private static String error(int code) {
        return event(
                "ERROR",
                "{\"kind\":\"Status\",\"code\":%d,\"reason\":\"Expired\",\"message\":\"too old\"}".formatted(code));
    }

    private static boolean isWatch(Call call) {
        return call.path().contains("watch=1");
    }

    /** A server whose nth list and nth watch are answered by the given functions; later ones by the last. */
    private static LoopbackServer server(List<LoopbackServer.Handler> lists, List<LoopbackServer.Handler> watches) {
        var listed = new AtomicInteger();
        var watched = new AtomicInteger();
        return new LoopbackServer(call -> {
            if (isWatch(call)) {
                watches.get(Math.min(watched.getAndIncrement(), watches.size() - 1))
                        .handle(call);
            } else {
                lists.get(Math.min(listed.getAndIncrement(), lists.size() - 1)).handle(call);
            }
        });
    }

    private static LoopbackServer.Handler gives(String list) {
        return call -> call.respond(200, list);
    }

    /** A watch that brings these and then stays open. */
    private static LoopbackServer.Handler brings(String... events) {
        return call -> {
            call.startChunks(200);
            for (var event : events) {
                call.chunk(event);
            }
        };
    }

    private static LoopbackServer.Handler bringsAndEnds(String... events) {
        return call -> {
            brings(events).handle(call);
            call.endChunks();
        };
    }

    private static LoopbackServer.Handler bringsAndBreaks(String... events) {
        return call -> {
            brings(events).handle(call);
            call.hangUp();
        };
    }

    @Test
    void firstAllPagesThenListedThenEachChange() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "p 2", object("a", "1", 5), object("b", "2", 6))),
                                gives(list(10, "", object("c", "3", 7)))),
                        List.of(brings(
                                event("ADDED", object("d", "4", 11)),
                                event("MODIFIED", object("a", "1", 12)),
                                bookmark(20),
                                event("DELETED", object("b", "2", 21)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(7))
                    .containsExactly("seen a 5", "seen b 6", "seen c 7", "listed", "seen d 11", "seen a 12", "gone b");
            assertThat(feed.awaitListed(1, TimeUnit.SECONDS)).isTrue();
            assertThat(server.calls())
                    .extracting(Call::path)
                    .startsWith("/api/v1/namespaces?limit=2", "/api/v1/namespaces?limit=2&continue=p+2");
            assertThat(server.calls().getLast().path())
                    .startsWith(
                            "/api/v1/namespaces?watch=1&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=");
        }
    }

    @Test
    void aBrokenWatchGoesOnWhereItWas() throws Exception {
        try (var server = server(
                        List.of(gives(list(10, ""))),
                        List.of(
                                bringsAndBreaks(event("ADDED", object("a", "1", 11)), bookmark(30)),
                                brings(event("ADDED", object("b", "2", 31)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(3)).containsExactly("listed", "seen a 11", "seen b 31");
            assertThat(server.calls()).filteredOn(call -> !isWatch(call)).hasSize(1);
            assertThat(server.calls().getLast().path()).contains("resourceVersion=30");
        }
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
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(2)).containsExactly("listed", "seen a 11");
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
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(2)).containsExactly("listed", "seen a 4");
        }
    }

    /** A server that accepts each watch and ends it at once; what it lists grows by one at each list. */
    private static LoopbackServer hollow(LoopbackServer.Handler watch) {
        var version = new AtomicInteger(10);
        return new LoopbackServer(call -> {
            if (isWatch(call)) {
                watch.handle(call);
            } else {
                int now = version.incrementAndGet();
                call.respond(200, list(now, "", object("a" + now, "u" + now, now)));
            }
        });
    }

    @Test
    void watchesThatBringNothingAreNoProgress() throws Exception {
        var counted = new AtomicInteger();
        try (var server = hollow(bringsAndEnds());
                var client = new ApiClient(server.connection(folder), 2);
                var feed = new Feed(
                        client, NAMESPACES, FAST, this::tell, ObjectListener.NONE, kind -> counted.incrementAndGet())) {
            feed.start();

            // What the first watch may have hidden is listed at once.
            assertThat(next(4)).containsExactly("seen a11 11", "listed", "seen a12 12", "gone a11");
            awaitProblems(feed, 1);
            assertThat(feed.problems())
                    .singleElement()
                    .asString()
                    .contains("/api/v1/namespaces", "ends it with nothing in it");
            assertThat(counted).hasPositiveValue();
            int before = server.calls().size();
            assertThat(told.poll(500, TimeUnit.MILLISECONDS)).isNull();
            assertThat(server.calls().size() - before).as("requests in 500 ms").isLessThan(15);
            assertThat(feed.problems()).hasSize(1);
        }
    }

    @Test
    void aStuckFeedGoesOnWithTheFirstEvent() throws Exception {
        var mended = new java.util.concurrent.atomic.AtomicBoolean();
        try (var server = hollow(call -> {
                    if (mended.get()) {
                        brings(event("ADDED", object("late", "9", 99))).handle(call);
                    } else {
                        bringsAndEnds().handle(call);
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();
            awaitProblems(feed, 1);
            next(4);

            mended.set(true);

            assertThat(next(1)).containsExactly("seen late 99");
            awaitNoProblem(feed);
            assertThat(feed.problems()).isEmpty();
        }
    }

    @Test
    void aVersionForgottenAsSoonAsItIsListedIsNoLoop() throws Exception {
        try (var server = hollow(call -> call.respond(410, "{\"kind\":\"Status\",\"code\":410}"));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();
            awaitProblems(feed, 1);
            int before = server.calls().size();
            next(2);

            awaitCalls(server, before + 4);
            long began = System.nanoTime();
            awaitCalls(server, before + 14);

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
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(2)).containsExactly("seen c 7", "listed");
        }
    }

    @Test
    void aSilentWatchIsTakenForDead() throws Exception {
        var settings = new FeedSettings(
                FAST.relistEvery(),
                Duration.ofMillis(200),
                FAST.watchLength(),
                FAST.firstPause(),
                FAST.longestPause(),
                500);
        try (var server = server(
                        List.of(gives(list(10, ""))), List.of(brings(), brings(event("ADDED", object("a", "1", 11)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, settings)) {
            feed.start();

            assertThat(next(2)).containsExactly("listed", "seen a 11");
        }
    }

    @Test
    void afterTooOldEverythingIsListedAndTheMissingAreGone() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "", object("a", "1", 5), object("b", "2", 6))),
                                gives(list(50, "", object("a", "1", 5), object("c", "3", 40)))),
                        List.of(brings(error(410)), brings(event("MODIFIED", object("c", "3", 51)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(6)).containsExactly("seen a 5", "seen b 6", "listed", "seen c 40", "gone b", "seen c 51");
            assertThat(feed.problems()).isEmpty();
        }
    }

    @Test
    void tooOldAsAnHttpStatusIsTheSame() throws Exception {
        try (var server = server(
                        List.of(gives(list(10, "")), gives(list(50, "", object("a", "1", 40)))),
                        List.of(call -> call.respond(410, "{\"kind\":\"Status\",\"code\":410}"), brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(2)).containsExactly("listed", "seen a 40");
        }
    }

    @Test
    void whatCannotBeReadLeadsToANewList() throws Exception {
        try (var server = server(
                        List.of(gives(list(10, "")), gives(list(50, "", object("a", "1", 40)))),
                        List.of(bringsAndEnds("{\"type\":\"ADDED\",\"object\":{\"metadata\":}}\n"), brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(2)).containsExactly("listed", "seen a 40");
        }
    }

    @Test
    void halfAListIsNoList() throws Exception {
        try (var server = server(
                        List.of(
                                call -> {
                                    call.startChunks(200);
                                    call.chunk("{\"items\":[" + object("a", "1", 5));
                                    call.hangUp();
                                },
                                gives(list(10, "", object("b", "2", 6)))),
                        List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();

            assertThat(next(2)).containsExactly("seen b 6", "listed");
        }
    }

    @Test
    void aPeriodicListRepairsWhatTheWatchLostInSilence() throws Exception {
        var settings = new FeedSettings(
                Duration.ofMillis(100),
                FAST.longestSilence(),
                FAST.watchLength(),
                FAST.firstPause(),
                FAST.longestPause(),
                500);
        try (var server = server(
                        List.of(gives(list(10, "", object("a", "1", 5))), gives(list(20, "", object("b", "2", 15)))),
                        List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, settings)) {
            feed.start();

            assertThat(next(4)).containsExactly("seen a 5", "listed", "seen b 15", "gone a");
            assertThat(server.calls()).filteredOn(FeedTest::isWatch).hasSize(1);
        }
    }

    @Test
    void aPodMadeAnewInAGapIsGoneFirst() throws Exception {
        var pod =
                "{\"metadata\":{\"namespace\":\"n\",\"name\":\"p\",\"uid\":\"%s\",\"resourceVersion\":\"%d\"},\"spec\":{}}";
        try (var server = server(
                        List.of(
                                gives(list(10, "", pod.formatted("u1", 5))),
                                gives(list(50, "", pod.formatted("u2", 40)))),
                        List.of(brings(error(410)), brings()));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, EnumSet.of(Kind.PODS), FAST)) {
            feed.start();

            assertThat(next(4)).containsExactly("seen n/p u1", "listed", "gone n/p u1", "seen n/p u2");
        }
    }

    @Test
    void anUnknownKindHoldsUpTheWholeListAndSaysWhatToApply() throws Exception {
        var defined = new java.util.concurrent.atomic.AtomicBoolean();
        try (var server = new LoopbackServer(call -> {
                    if (isWatch(call)) {
                        brings().handle(call);
                    } else if (call.path().startsWith("/apis/spillway.dev/") && !defined.get()) {
                        call.respond(404, "404 page not found\n");
                    } else {
                        call.respond(200, list(10, ""));
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, EnumSet.of(Kind.REGIONS, Kind.NAMESPACES), FAST)) {
            feed.start();
            assertThat(feed.awaitListed(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(feed.problems())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "The cluster does not know regions.spillway.dev: apply the custom resource definitions");

            defined.set(true);

            assertThat(next(1)).containsExactly("listed");
            assertThat(feed.problems()).isEmpty();
        }
    }

    @Test
    void whatOnlySomePodsNeedHoldsNothingUp() throws Exception {
        var granted = new java.util.concurrent.atomic.AtomicBoolean();
        try (var server = new LoopbackServer(call -> {
                    if (isWatch(call)) {
                        brings().handle(call);
                    } else if (call.path().startsWith("/apis/policy/") && !granted.get()) {
                        call.respond(403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}");
                    } else if (call.path().contains("csinodes")) {
                        call.respond(404, "404 page not found\n");
                    } else {
                        call.respond(200, list(10, "", object("a", "1", 5)));
                    }
                });
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, EnumSet.of(Kind.DISRUPTION_BUDGETS, Kind.CSI_NODES), FAST)) {
            feed.start();
            assertThat(next(1)).containsExactly("listed");
            assertThat(feed.problems()).isEmpty();

            granted.set(true); // the role is applied while we run

            assertThat(next(1)).singleElement().asString().startsWith("DisruptionBudgetSeen");
        }
    }

    @Test
    void aKindThatDisappearsTakesNothingWithIt() throws Exception {
        try (var server = server(
                        List.of(
                                gives(list(10, "", object("a", "1", 5))),
                                call -> call.respond(404, "404 page not found")),
                        List.of(brings(error(410))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();
            assertThat(next(2)).containsExactly("seen a 5", "listed");

            assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
            assertThat(feed.problems()).hasSize(1);
        }
    }

    @Test
    void othersGetWholeObjectsToo() throws Exception {
        var objects = new CopyOnWriteArrayList<String>();
        var listener = new ObjectListener() {
            @Override
            public void seen(Kind kind, JsonNode object) {
                objects.add("seen " + object.at("/metadata/labels/v").asText());
            }

            @Override
            public void gone(Kind kind, String namespace, @Nullable String name) {
                objects.add("gone " + name);
            }
        };
        try (var server = server(
                        List.of(gives(list(10, "", object("a", "1", 5)))),
                        List.of(brings(event("DELETED", object("a", "1", 11)))));
                var client = new ApiClient(server.connection(folder), 2);
                var feed = new Feed(client, NAMESPACES, FAST, this::tell, listener)) {
            feed.start();
            next(3);

            assertThat(objects).startsWith("seen 5");
            awaitSize(objects, 2);
            assertThat(objects).containsExactly("seen 5", "gone a");
        }
    }

    private static void awaitSize(List<String> list, int size) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (list.size() < size && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void closingEndsAReadUnderWay() throws Exception {
        try (var server = server(List.of(gives(list(10, ""))), List.of(brings()));
                var client = new ApiClient(server.connection(folder), 2)) {
            var feed = feed(client, NAMESPACES, FAST);
            feed.start();
            next(1);
            int requests = server.calls().size();

            feed.close();

            assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
            assertThat(server.calls()).hasSizeLessThanOrEqualTo(requests + 1);
        }
    }

    @Test
    void aServerThatComesBackIsFollowedAgain() throws IOException, InterruptedException {
        var broken = new java.util.concurrent.atomic.AtomicBoolean();
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
                var feed = feed(client, NAMESPACES, FAST)) {
            feed.start();
            next(1);
            broken.set(true);
            awaitProblems(feed, 1);

            assertThat(feed.problems()).singleElement().asString().contains("503", "starting");
        }
    }

    private static void awaitCalls(LoopbackServer server, int count) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (server.calls().size() < count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void awaitNoProblem(Feed feed) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!feed.problems().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void awaitProblems(Feed feed, int count) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (feed.problems().size() < count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
