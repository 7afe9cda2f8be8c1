package dev.spillway.kubelet.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.NodeName;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kubelet.FakeHome;
import dev.spillway.kubelet.certificate.TestAuthority;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AuthorizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final User ANN =
            new User("ann", "7", List.of("dev", "system:authenticated"), Map.of("a", List.of("b")));
    private static final NodeAccess EXEC =
            new NodeAccess("create", Optional.of(new NodeName("vn-1")), List.of("proxy"));
    private static final NodeAccess PODS = new NodeAccess("get", Optional.empty(), List.of("pods", "proxy"));

    private final FakeHome home = new FakeHome();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // where it wraps
    private final TestAuthority authority = new TestAuthority();
    private final Authorizer authorizer =
            new Authorizer(home, Optional.of(new ClientAuthority(List.of(authority.certificate()))), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aTokenIsReviewed() throws IOException {
        assertThat(authorizer.authenticate(List.of(), "good")).isEqualTo(new Authentication.Known(ANN));

        var request = home.requests().getFirst();
        assertThat(request.method() + " " + request.path())
                .isEqualTo("POST /apis/authentication.k8s.io/v1/tokenreviews");
        assertThat(JSON.readTree(request.body())).isEqualTo(JSON.readTree("""
                        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": "good"}}"""));
    }

    @Test
    void accessIsReviewed() throws IOException {
        assertThat(authorizer.authorize(ANN, EXEC)).isEqualTo(new Verdict.Allowed());

        var request = home.requests().getFirst();
        assertThat(request.method() + " " + request.path())
                .isEqualTo("POST /apis/authorization.k8s.io/v1/subjectaccessreviews");
        assertThat(JSON.readTree(request.body())).isEqualTo(JSON.readTree("""
                        {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
                          "resourceAttributes": {
                            "verb": "create", "version": "v1", "resource": "nodes", "subresource": "proxy", "name": "vn-1"},
                          "user": "ann", "uid": "7", "groups": ["dev", "system:authenticated"], "extra": {"a": ["b"]}}}"""));
    }

    @Test
    void withoutCredentialsNobodyIsAsked() {
        assertThat(authorizer.authenticate(List.of(), "")).isEqualTo(new Authentication.Anonymous());
        assertThat(home.requests()).isEmpty();
    }

    @Test
    void aTokenThatTheClusterDoesNotKnowIsNobodys() {
        assertThat(authorizer.authenticate(List.of(), "bad")).isEqualTo(new Authentication.Anonymous());
    }

    @Test
    void aServerThatQuotesTheTokenIsNotQuoted() {
        var quoting = new Authorizer(
                (request, _) -> ApiResponse.of(
                        500, "{\"kind\": \"Status\", \"message\": \"no review of %s\"}".formatted("t0ken")),
                Optional.empty());

        assertThat(quoting.authenticate(List.of(), "t0ken"))
                .isEqualTo(new Authentication.Unknown("the home cluster answered a TokenReview with HTTP 500"));
    }

    @Test
    void aYesIsRememberedForTenSecondsAndANoForFive() {
        for (int i = 0; i < 3; i++) {
            authorizer.authenticate(List.of(), "good");
            authorizer.authorize(ANN, EXEC);
            authorizer.authenticate(List.of(), "bad");
        }
        assertThat(home.requests()).hasSize(3);

        pass(Duration.ofSeconds(6));
        authorizer.authenticate(List.of(), "good");
        authorizer.authorize(ANN, EXEC);
        assertThat(home.requests()).hasSize(3);
        authorizer.authenticate(List.of(), "bad");
        assertThat(home.requests()).hasSize(4);

        pass(Duration.ofSeconds(5));
        authorizer.authenticate(List.of(), "good");
        authorizer.authorize(ANN, EXEC);
        assertThat(home.requests()).hasSize(6);
    }

    @Test
    void aRightThatIsTakenAwayIsGoneAfterTenSeconds() {
        authorizer.authorize(ANN, EXEC);
        home.access = _ -> FakeHome.allowed(false);
        pass(Duration.ofSeconds(10));

        assertThat(authorizer.authorize(ANN, EXEC)).isEqualTo(new Verdict.Denied());
        home.access = _ -> FakeHome.allowed(true);
        assertThat(authorizer.authorize(ANN, EXEC)).isEqualTo(new Verdict.Denied());
        pass(Duration.ofSeconds(5));
        assertThat(authorizer.authorize(ANN, EXEC)).isEqualTo(new Verdict.Allowed());
    }

    @Test
    void whatIsNotKnownIsNeitherAllowedNorRemembered() {
        for (var answer : List.of(
                ApiResponse.of(500, "{\"message\":\"etcd\"}"),
                ApiResponse.of(403, "{\"message\":\"forbidden\"}"),
                ApiResponse.of(201, "{}"),
                ApiResponse.of(201, "{\"status\":{\"allowed\":\"true\"}}"),
                ApiResponse.of(201, "true"),
                ApiResponse.of(429, ""))) {
            home.access = _ -> answer;
            assertThat(authorizer.authorize(ANN, EXEC)).as(answer.body()).isInstanceOf(Verdict.Unknown.class);
        }
        home.access = _ -> null;
        assertThat(authorizer.authorize(ANN, EXEC)).isInstanceOf(Verdict.Unknown.class);
        home.access = _ -> FakeHome.allowed(true);
        assertThat(authorizer.authorize(ANN, EXEC)).isEqualTo(new Verdict.Allowed());

        home.tokens = _ -> ApiResponse.of(503, "");
        assertThat(authorizer.authenticate(List.of(), "good")).isInstanceOf(Authentication.Unknown.class);
        home.tokens = _ -> null;
        assertThat(authorizer.authenticate(List.of(), "good")).isInstanceOf(Authentication.Unknown.class);
        home.tokens = new FakeHome().tokens;
        assertThat(authorizer.authenticate(List.of(), "good")).isInstanceOf(Authentication.Known.class);
    }

    @Test
    void aRightToEitherSubresourceIsEnough() {
        home.access = request -> FakeHome.allowed(subresource(request).equals("proxy"));
        assertThat(authorizer.authorize(ANN, PODS)).isEqualTo(new Verdict.Allowed());
        assertThat(home.requests()).extracting(AuthorizerTest::subresource).containsExactly("pods", "proxy");

        home.access = _ -> FakeHome.allowed(false);
        assertThat(authorizer.authorize(new User("bob", "", List.of(), Map.of()), PODS))
                .isEqualTo(new Verdict.Denied());
    }

    @Test
    void whatConcernsNoNodeTakesARightToAll() {
        authorizer.authorize(ANN, PODS);

        assertThat(attributes(home.requests().getFirst()).has("name")).isFalse();
    }

    @Test
    void usersAreToldApart() {
        home.access = request -> FakeHome.allowed(request.body().contains("\"user\":\"ann\""));
        authorizer.authorize(ANN, EXEC);

        assertThat(authorizer.authorize(new User("bob", "7", ANN.groups(), ANN.extra()), EXEC))
                .isEqualTo(new Verdict.Denied());
    }

    @Test
    void aClientsCertificateNamesItsUserAndGroups() {
        var chain = authority
                .client("O=system:masters, O=ops, CN=kube-apiserver-kubelet-client", Duration.ofDays(2))
                .chain();

        assertThat(authorizer.authenticate(chain, "good"))
                .isEqualTo(new Authentication.Known(new User(
                        "kube-apiserver-kubelet-client",
                        "",
                        List.of("ops", "system:masters", "system:authenticated"),
                        Map.of())));
        assertThat(home.requests()).isEmpty();
    }

    @Test
    void aCertificateThatDoesNotCountLeavesTheToken() {
        var expired = authority
                .client("CN=admin, O=system:masters", Duration.ofHours(1))
                .chain();
        var stranger = new TestAuthority()
                .client("CN=admin, O=system:masters", Duration.ofDays(2))
                .chain();
        var nameless = authority.client("O=system:masters", Duration.ofDays(2)).chain();
        var server = TestAuthority.server("admin").chain();

        for (var chain : List.of(expired, stranger, nameless, server)) {
            assertThat(authorizer.authenticate(chain, "")).isEqualTo(new Authentication.Anonymous());
            assertThat(authorizer.authenticate(chain, "good")).isEqualTo(new Authentication.Known(ANN));
        }
    }

    @Test
    void anAuthorityIsNeeded() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientAuthority(List.of()));
    }

    @Test
    void noMoreIsRememberedThanFits() {
        var cache = new AnswerCache<Integer, String>(3, nanos::get);
        for (int i = 0; i < 10; i++) {
            cache.put(i, "x", Duration.ofSeconds(1));
        }
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get(6)).isEmpty();
        assertThat(cache.get(7)).contains("x");
    }

    private static String subresource(ApiRequest request) {
        return attributes(request).path("subresource").asText();
    }

    private static JsonNode attributes(ApiRequest request) {
        try {
            return JSON.readTree(request.body()).path("spec").path("resourceAttributes");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
