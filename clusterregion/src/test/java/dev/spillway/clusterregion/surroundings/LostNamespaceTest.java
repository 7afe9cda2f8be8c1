package dev.spillway.clusterregion.surroundings;

import static dev.spillway.clusterregion.surroundings.CopiesObjects.object;
import static dev.spillway.clusterregion.surroundings.CopiesObjects.references;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.regions.conformance.RequestBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A namespace of the region that somebody deletes is made anew with all that the next pod needs, whatever its pods have in them. */
class LostNamespaceTest {
    private static final String NAMESPACE = "/api/v1/namespaces/spillway-payments";
    private static final String POD = "p-1-0123456789";
    private static final Reference KEYS = new Reference(Kind.SECRET, "keys");
    private static final AcquireAnswer MADE = new AcquireAnswer.Unknown("made");

    private final ObjectsPlay home = new ObjectsPlay(() -> ObjectsPlay.Fate.ARRIVES, (request, path, there) -> {});
    private final ObjectsPlay region = new ObjectsPlay(() -> ObjectsPlay.Fate.ARRIVES, (request, path, there) -> {});
    private final Surroundings surroundings =
            new Surroundings(CopiesObjects.CLUSTER, CopyTimes.DEFAULT, InstantSource.system());

    @BeforeEach
    void setUp() {
        home.put("/api/v1/namespaces/default", ObjectsPlay.object("{\"kind\": \"Namespace\", \"metadata\": {}}"));
        home.put("/api/v1/namespaces/default/" + KEYS, object(KEYS, "1", "Opaque"));
    }

    /** Values of the pod's variables, which are taken out of what the server says of the namespace. */
    @ParameterizedTest
    @ValueSource(strings = {"red", "payments", "way-payments"})
    void aNamespaceThatWasDeletedIsMadeAnew(String value) {
        assertThat(made(value)).isEqualTo(MADE);
        region.all().clear(); // by whoever deletes a namespace

        assertThat(made(value)).isEqualTo(MADE);

        assertThat(region.all())
                .containsKeys(
                        NAMESPACE,
                        NAMESPACE + "/" + KEYS,
                        NAMESPACE + "/secrets/" + Naming.tokens(POD),
                        NAMESPACE + "/pods/" + POD);
    }

    private AcquireAnswer made(String value) {
        var tokens = new AccountTokens("default", List.of(new AccountTokens.Source("", 3607)));
        var need = new Surroundings.Need(
                RequestBuilder.requestFor("p-1").build().tags(),
                "spillway-payments",
                POD,
                references(Set.of(KEYS)),
                tokens);
        var pod = ObjectsPlay.object("""
            {"kind": "Pod", "metadata": {"name": "%s"}, "spec": {"containers": [{"name": "main", "env": [{"name": "TEAM", "value": "%s"}]}]}}
            """.formatted(POD, value));
        var calls = calls(this::inRegion);
        return surroundings.with(calls(this::atHome), calls, need, () -> {
            var reply = calls.post(NAMESPACE + "/pods", pod);
            return reply instanceof Reply.Done ? MADE : Negative.of(reply, "create on pods");
        });
    }

    /** As a real one answers where the namespace is missing; what is read there is then missing itself. */
    private ApiResponse inRegion(ApiRequest request, Duration deadline) throws IOException {
        boolean isIntoIt = request.method().equals("POST") && request.path().startsWith(NAMESPACE);
        return isIntoIt && region.get(NAMESPACE) == null ? ApiResponse.of(404, """
                    {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "namespaces \\"spillway-payments\\" not found",
                     "reason": "NotFound", "details": {"name": "spillway-payments", "kind": "namespaces"}, "code": 404}
                    """) : region.send(request, deadline);
    }

    private ApiResponse atHome(ApiRequest request, Duration deadline) throws IOException {
        return request.path().endsWith("/token")
                ? ApiResponse.of(
                        201,
                        ObjectsPlay.object(request.body())
                                .set("status", ObjectsPlay.object("{\"token\": \"t\"}"))
                                .toString())
                : home.send(request, deadline);
    }

    private static Calls calls(Sender sender) {
        return new Calls(sender, Deadline.in(Duration.ofMinutes(1)));
    }
}
