package dev.spillway.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.regions.running.StreamAnswer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a region cannot serve at all is told by an Event of the pod. */
@Timeout(60)
final class UnservedStreamsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXEC = "POST /exec/ns/web/main?command=ls&output=1";
    private static final String[] SPDY = {"Connection: Upgrade", "Upgrade: SPDY/3.1"};
    private static final String[] WEB_SOCKET = {"Connection: Upgrade", "Upgrade: websocket"};

    private final ServerFixture it = new ServerFixture();

    @AfterEach
    void end() {
        it.close();
    }

    private void refuses(int code) {
        it.region.answer = new StreamAnswer.Refused(code, "no");
    }

    private List<ApiRequest> posted() {
        return it.home.requests().stream()
                .filter(request -> request.path().equals("/api/v1/namespaces/ns/events"))
                .toList();
    }

    private JsonNode event(int number) throws IOException {
        for (int look = 0; posted().size() < number && look < 1000; look++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(posted()).hasSize(number);
        return JSON.readTree(posted().getLast().body());
    }

    @Test
    void aShellByAProtocolThatTheRegionDoesNotSpeakIsToldOnce() throws IOException {
        it.region.takesWebSockets = true;
        refuses(400);

        assertThat(it.answer(EXEC, SPDY)).startsWith("400 ");
        var event = event(1);
        assertThat(it.answer(EXEC, SPDY)).startsWith("400 ");

        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("reason").asText()).isEqualTo("StreamNotServed");
        assertThat(event.at("/involvedObject/kind").asText()).isEqualTo("Pod");
        assertThat(event.at("/involvedObject/name").asText()).isEqualTo("web");
        assertThat(event.at("/involvedObject/uid").asText()).isEqualTo("uid-1");
        assertThat(event.path("message").asText())
                .isEqualTo(
                        "kubectl exec does not work for this pod: region region-a takes WebSockets only, and the API server"
                                + " speaks SPDY/3.1 to nodes; that takes Kubernetes 1.36 or newer with feature gate"
                                + " ExtendWebSocketsToKubelet");

        assertThat(it.answer("POST /attach/ns/web/main?output=1", SPDY)).startsWith("400 ");
        assertThat(event(2).path("message").asText()).startsWith("kubectl attach does not work");
    }

    @Test
    void aStreamThatNoPodOfTheRegionHasIsTold() throws IOException {
        refuses(501);

        assertThat(it.answer("POST /portForward/ns/web", SPDY)).startsWith("501 ");

        assertThat(event(1).path("message").asText())
                .isEqualTo("kubectl port-forward does not work for this pod: region region-a does not serve it");
    }

    @Test
    void whatFailsInPassingIsNotTold() throws IOException {
        it.region.takesWebSockets = true;
        for (int code : new int[] {400, 404, 503, 504}) {
            refuses(code);
            assertThat(it.answer(EXEC, WEB_SOCKET)).startsWith(code + " ");
        }
        refuses(501); // the last one, so that nothing of the others is still to come
        assertThat(it.answer(EXEC, WEB_SOCKET)).startsWith("501 ");

        assertThat(event(1).path("message").asText()).endsWith("does not serve it");
    }

    @Test
    void anEventThatGotLostIsWrittenForTheNextOne() throws IOException {
        refuses(501);
        it.home.access = request -> request.path().endsWith("/events") ? null : FakeHome.allowed(true);
        assertThat(it.answer("POST /portForward/ns/web", SPDY)).startsWith("501 ");
        var _ = event(1);

        it.home.access =
                request -> request.path().endsWith("/events") ? ApiResponse.of(201, "{}") : FakeHome.allowed(true);
        for (int look = 0; posted().size() < 2 && look < 100; look++) {
            assertThat(it.answer("POST /portForward/ns/web", SPDY)).startsWith("501 ");
            LockSupport.parkNanos(10_000_000);
        }

        var _ = event(2);
    }
}
