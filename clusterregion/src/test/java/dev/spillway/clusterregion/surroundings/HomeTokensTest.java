package dev.spillway.clusterregion.surroundings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.regions.conformance.RequestBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HomeTokensTest {
    private static final String NAMESPACE = "cluster-1-default";
    private static final String POD = "p-1-0123456789";
    private static final String SECRET = "/api/v1/namespaces/" + NAMESPACE + "/secrets/" + Naming.tokens(POD);
    private static final AcquireAnswer MADE = new AcquireAnswer.Unknown("made");

    private final ObjectsPlay region = new ObjectsPlay(() -> ObjectsPlay.Fate.ARRIVES, (request, path, there) -> {});

    /** What no update of a Secret can do away with (kubernetes.io/docs: "Immutable Secrets"; its type is never changed). */
    static Stream<Named<Consumer<ObjectNode>>> fixed() {
        return Stream.of(
                Named.of("immutable", secret -> secret.put("immutable", true)),
                Named.of("of another type", secret -> secret.put("type", "example.com/keys")));
    }

    @ParameterizedTest
    @MethodSource("fixed")
    void aSecretOfTokensThatCannotBeUpdatedIsMadeAnew(Consumer<ObjectNode> change) {
        assertThat(made(new AccountTokens.Source("first", 3607))).isEqualTo(MADE);
        var before = Objects.requireNonNull(region.get(SECRET));
        change.accept(before);

        assertThat(made(new AccountTokens.Source("second", 3607))).isEqualTo(MADE);

        var after = Objects.requireNonNull(region.get(SECRET));
        assertThat(after.path("data")).isNotEqualTo(before.path("data"));
        assertThat(after.path("type").asText()).isEqualTo("Opaque");
        assertThat(after.at("/metadata/uid")).isNotEqualTo(before.at("/metadata/uid"));
    }

    /** By another process each time. */
    private AcquireAnswer made(AccountTokens.Source source) {
        var need = new HomeTokens.Need(
                RequestBuilder.requestFor("p-1").build().tags(),
                new AccountTokens("default", List.of(source)),
                NAMESPACE,
                POD);
        return new HomeTokens(CopiesObjects.CLUSTER, InstantSource.system(), Duration.ZERO)
                .with(calls(HomeTokensTest::atHome), calls(region), need, () -> MADE);
    }

    /** A token is the audience that it is for. */
    private static ApiResponse atHome(ApiRequest request, Duration deadline) {
        var answer = ObjectsPlay.object(request.body());
        answer.putObject("status").put("token", answer.at("/spec/audiences/0").asText());
        return ApiResponse.of(201, answer.toString());
    }

    private static Calls calls(Sender sender) {
        return new Calls(sender, Deadline.in(Duration.ofMinutes(1)));
    }
}
