package dev.spillway.kubelet;

import static dev.spillway.kubelet.ServerFixture.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kubelet.certificate.KeyAndChain;
import dev.spillway.kubelet.certificate.TestAuthority;
import dev.spillway.kubelet.http.HeadReader;
import dev.spillway.regions.running.StreamAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are no streams: who may, what there is, and what a hostile client hears. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KubeletServerTest {
    private static final String[] UPGRADE = {"Connection: Upgrade", "Upgrade: SPDY/3.1"};
    private static final String EXEC = "POST /exec/ns/web/main?command=ls&output=1";

    private final ServerFixture it = new ServerFixture();

    @AfterEach
    void end() {
        it.close();
    }

    private String last() {
        return it.home.requests().getLast().body();
    }

    @Test
    void nobodyIsToldAnything() throws IOException {
        for (var line : List.of("GET /healthz", "GET /pods", "GET /containerLogs/ns/web/main", EXEC, "GET /nothing")) {
            try (var client = it.client()) {
                assertThat(client.ask(line, UPGRADE).answer()).isEqualTo("401 Unauthorized\n");
            }
        }
        assertThat(it.home.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer bad", "Basic Z29vZDo=", "Bearer", "good", "Bearer  good"})
    void credentialsThatDoNotCountAreNone(String value) throws IOException {
        try (var client = it.client()) {
            assertThat(client.ask("GET /healthz", "Authorization: " + value).answer())
                    .startsWith("401 ");
        }
    }

    @Test
    void aClientsCertificateIsEnough() throws IOException {
        var apiServer = it.authority.client("CN=kube-apiserver, O=system:masters", Duration.ofDays(2));
        try (var client = it.client(Optional.of(apiServer))) {
            assertThat(client.ask("GET /healthz").answer()).isEqualTo("200 ok");
        }
        assertThat(last()).contains("\"user\":\"kube-apiserver\"", "\"system:masters\"");
    }

    @Test
    void aCertificateThatDoesNotCountIsAnsweredNotCutOff() throws IOException {
        for (KeyAndChain own : List.of(
                it.authority.client("CN=kube-apiserver, O=system:masters", Duration.ofHours(1)),
                new TestAuthority().client("CN=kube-apiserver, O=system:masters", Duration.ofDays(2)))) {
            try (var client = it.client(Optional.of(own))) {
                assertThat(client.ask("GET /healthz").answer()).startsWith("401 ");
            }
        }
    }

    @Test
    void whoHasNoRightIsToldWhichOne() throws IOException {
        it.home.access = _ -> FakeHome.allowed(false);

        assertThat(it.answer(EXEC, UPGRADE))
                .isEqualTo("403 Forbidden (user=ann, verb=create, resource=nodes, subresource(s)=[proxy])\n");
        assertThat(it.answer("GET /containerLogs/ns/web/main"))
                .isEqualTo("403 Forbidden (user=ann, verb=get, resource=nodes, subresource(s)=[proxy])\n");
        assertThat(it.answer("GET /pods"))
                .isEqualTo("403 Forbidden (user=ann, verb=get, resource=nodes, subresource(s)=[pods, proxy])\n");
        assertThat(it.region.requests).isEmpty();
    }

    @Test
    void aPodsNodeIsWhatTheRightIsAbout() throws IOException {
        it.region.answer = new StreamAnswer.Refused(404, "x");
        it.answer("GET /containerLogs/ns/web/main");
        assertThat(last()).contains("\"name\":\"vn-1\"");

        it.home.access = request -> FakeHome.allowed(request.body().contains("vn-1"));
        assertThat(it.answer("GET /containerLogs/ns/other/main"))
                .startsWith("403 "); // nothing about whether it is there
    }

    @ParameterizedTest
    @CsvSource({
        "GET /exec/ns/web/main?command=ls&output=1", "GET /attach/ns/web/main?output=1", "GET /portForward/ns/web",
        "POST /exec/ns/web/main?command=ls&output=1", "POST /attach/ns/web/main?output=1", "POST /portForward/ns/web"
    })
    void whoMayOnlyReadRunsNothing(String line) throws IOException {
        it.home.access = request -> FakeHome.allowed(!request.body().contains("\"verb\":\"create\""));

        assertThat(it.answer(line, UPGRADE)).startsWith("403 ");
        assertThat(it.region.requests).isEmpty();
    }

    @Test
    void aSilentHomeClusterIsNoYes() throws IOException {
        it.home.access = _ -> null;
        assertThat(it.answer(EXEC, UPGRADE))
                .isEqualTo("503 Whether this is allowed is not known at the moment; try again later.\n");
        it.home.tokens = _ -> null;
        assertThat(it.answer("GET /healthz", "A: b")).startsWith("503 ");
        assertThat(it.region.requests).isEmpty();
    }

    @Test
    void aPodThatIsNotThereIsNotFound() throws IOException {
        assertThat(it.answer("GET /containerLogs/ns/other/main")).isEqualTo("404 pod \"other\" not found\n");
        assertThat(it.answer("GET /containerLogs/other/web/main")).isEqualTo("404 pod \"web\" not found\n");
        assertThat(it.answer("POST /exec/ns/web/uid-2/main?command=ls&output=1", UPGRADE))
                .isEqualTo("404 pod \"web\" not found\n"); // a later pod of that name
        assertThat(it.answer("POST /portForward/ns/web/uid-2", UPGRADE)).startsWith("404 ");
    }

    @Test
    void whatTheRegionSaysIsPassedOn() throws IOException {
        for (var refused : List.of(
                new StreamAnswer.Refused(503, "The region is silent."),
                new StreamAnswer.Refused(404, "container \"x\" not found in pod"),
                new StreamAnswer.Refused(501, "This region serves no streams to containers."))) {
            it.region.answer = refused;
            assertThat(it.answer(EXEC, UPGRADE)).isEqualTo(refused.code() + " " + refused.message() + "\n");
            assertThat(it.answer("GET /containerLogs/ns/web/main")).startsWith(refused.code() + " ");
        }
        it.region.answer = new StreamAnswer.Refused(200, "odd");
        assertThat(it.answer(EXEC, UPGRADE)).startsWith("502 ");
    }

    @Test
    void anAnswerOfTheRegionThatIsNoStreamIsAnError() throws IOException {
        it.region.answer = new StreamAnswer.Opened(new Canned(200, Map.of()));
        assertThat(it.answer(EXEC, UPGRADE)).startsWith("502 ");
        it.region.answer = new StreamAnswer.Opened(new Canned(101, Map.of()));
        assertThat(it.answer("GET /containerLogs/ns/web/main")).startsWith("502 ");
        it.region.answer =
                new StreamAnswer.Opened(new Canned(101, Map.of("upgrade", List.of("SPDY/3.1\r\nSet-Cookie: x"))));
        assertThat(it.answer(EXEC, UPGRADE)).startsWith("502 ").doesNotContain("Cookie");
    }

    private record Canned(int code, Map<String, List<String>> headers) implements StreamAnswer.Stream {
        @Override
        public InputStream in() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream out() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({
        "404,GET /",
        "404,GET /nothing",
        "404,GET /run/ns/web/main",
        "404,GET /healthz/",
        "404,GET /healthz/x",
        "404,GET /pods/x",
        "404,GET /metrics/cadvisor",
        "404,GET /metrics/resource/",
        "404,GET /metrics/resource/x",
        "404,GET /stats",
        "404,GET /stats/",
        "404,GET /stats/summary/x",
        "405,POST /metrics",
        "405,PUT /metrics/resource",
        "404,GET /containerLogs/ns/web",
        "404,GET /containerLogs/ns/web/main/",
        "404,GET /containerLogs/ns/web/main/x",
        "404,POST /exec/ns/web",
        "404,POST /exec/ns/web/uid/main/x",
        "404,POST /portForward/ns",
        "404,GET /containerLogs/n%20s/web/main",
        "404,GET /containerLogs/ns/we%0Ab/main",
        "404,GET /containerLogs/ns/-web/main",
        "404,GET /containerLogs/ns/web/%C3%BC",
        "404,GET /Exec/ns/web/main",
        "405,POST /containerLogs/ns/web/main",
        "405,POST /healthz",
        "405,PUT /exec/ns/web/main",
        "405,DELETE /pods",
        "405,HEAD /healthz",
        "400,GET /exec/../healthz",
        "400,GET /exec/%2e%2e/healthz",
        "400,GET //healthz",
        "400,GET /containerLogs/ns/web/main?tailLines=x",
        "422,GET /containerLogs/ns/web/main?tailLines=-1",
        "400,POST /exec/ns/web/main?command=ls&output=1",
        "400,POST /attach/ns/web/main?output=1"
    })
    void everythingElseIsAnError(int code, String line) throws IOException {
        assertThat(it.answer(line)).startsWith(code + " ").endsWith("\n");
        assertThat(it.region.requests).isEmpty();
    }

    @Test
    void aHugeHeadIsAnsweredNotKept() throws IOException {
        try (var client = it.client()) {
            client.say("GET /healthz HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(HeadReader.LARGEST));

            assertThat(client.answer()).startsWith("431 ");
        }
        try (var client = it.client()) {
            var script = "a".repeat(200_000); // a command may be long
            assertThat(client.ask("POST /exec/ns/web/main?output=1&command=" + script, TOKEN)
                            .answer())
                    .isEqualTo("400 Upgrade request required\n");
        }
    }

    @Test
    void whoTakesTooLongToAskIsCutOff() throws IOException {
        var limits = new KubeletServer.Limits(1, 1, 1, Duration.ofMillis(500), Duration.ofSeconds(5));
        try (var impatient = new ServerFixture(limits)) {
            try (var silent = new Socket(InetAddress.getLoopbackAddress(), impatient.port)) {
                silent.setSoTimeout(10_000);
                assertThat(silent.getInputStream().read()).isEqualTo(-1); // before the handshake
            }
            try (var slow = client(impatient)) {
                slow.say("GET /healthz HTTP/1.1\r\n");
                assertThat(slow.isCutOff()).isTrue();
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        var limits = new KubeletServer.Limits(1, 1, 2, Duration.ofSeconds(10), Duration.ofSeconds(5));
        try (var small = new ServerFixture(limits);
                var _ = client(small);
                var two = client(small)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(small::client);
            assertThat(two.ask("GET /healthz", TOKEN).answer()).isEqualTo("200 ok");
        }
    }

    /** A connection may still be counted when its client has seen its end. */
    private static TlsClient client(ServerFixture fixture) throws IOException {
        for (int i = 0; ; i++) {
            try {
                return fixture.client();
            } catch (IOException e) {
                if (i == 100) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    @Test
    void anotherCertificateIsServedFromNowOn() throws IOException {
        var next = TestAuthority.server("kubelet");
        try (var open = it.client()) {
            it.server.serve(next);

            assertThat(open.ask("GET /healthz", TOKEN).answer()).isEqualTo("200 ok");
        }
        try (var client = new TlsClient(it.port, next.certificate(), Optional.empty())) {
            assertThat(client.serverCertificate()).isEqualTo(next.certificate());
        }
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> it.client());
    }

    @Test
    void whatNobodyExpectsIsAnErrorOfItsOwn() throws IOException {
        it.home.access = (ApiRequest _) -> {
            throw new IllegalStateException("secret");
        };

        assertThat(it.answer("GET /healthz")).isEqualTo("500 Internal error\n");
    }
}
