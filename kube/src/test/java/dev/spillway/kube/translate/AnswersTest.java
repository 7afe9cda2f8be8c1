package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AnswersTest {
    // As kube-apiserver 1.37.2 answers a patch that names the UID of an earlier pod.
    private static final String OTHER_UID = """
        {"kind":"Status","status":"Failure","message":"Pod \\"p\\" is invalid: metadata.uid: Invalid value: \\"w\\": field is immutable",
         "reason":"Invalid","code":422,"details":{"causes":[
           {"reason":"FieldValueInvalid","message":"Invalid value","field":"metadata.uid"}]}}\
        """;

    record Case(String name, ApiResponse response, Class<? extends WriteAnswer> want) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> writes() {
        return Stream.of(
                new Case("200", ApiResponse.of(200, "{}"), WriteAnswer.Done.class),
                new Case("201", ApiResponse.of(201, "{}"), WriteAnswer.Done.class),
                new Case("409", status(409, "Conflict", "already assigned"), WriteAnswer.Conflict.class),
                new Case("404 of the server", status(404, "NotFound", "not found"), WriteAnswer.Gone.class),
                new Case("404 of somebody else", ApiResponse.of(404, "404 page not found"), WriteAnswer.Unknown.class),
                new Case("400", status(400, "BadRequest", "no"), WriteAnswer.Refused.class),
                new Case("403", status(403, "Forbidden", "no"), WriteAnswer.Refused.class),
                new Case("422", status(422, "Invalid", "no"), WriteAnswer.Refused.class),
                new Case("422 for another UID", ApiResponse.of(422, OTHER_UID), WriteAnswer.Conflict.class),
                new Case("401", status(401, "Unauthorized", "no"), WriteAnswer.Unknown.class),
                new Case("429", new ApiResponse(429, "Too many requests", "7"), WriteAnswer.Unknown.class),
                new Case("500", status(500, "InternalError", "etcd"), WriteAnswer.Unknown.class),
                new Case("503", ApiResponse.of(503, "<html>"), WriteAnswer.Unknown.class),
                new Case("504", status(504, "Timeout", "slow"), WriteAnswer.Unknown.class));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void writesAnswerByKind(Case it) {
        assertThat(Answers.write(it.response())).isInstanceOf(it.want());
    }

    @Test
    void theServersWordsAreKept() {
        assertThat(Answers.write(status(403, "Forbidden", "pods is forbidden")))
                .isEqualTo(new WriteAnswer.Refused(403, "pods is forbidden"));
        assertThat(Answers.describe(new ApiResponse(429, "Too many requests\n", "7")))
                .isEqualTo("The API server answered 429: Too many requests (asks to wait 7 s)");
    }

    @Test
    void aPodIsFoundGoneOrUnknown() {
        var pod = """
            {"metadata":{"namespace":"n","name":"p","uid":"u"},"spec":{},"status":{}}\
            """;

        assertThat(Answers.podRead(ApiResponse.of(200, pod)))
                .isInstanceOfSatisfying(
                        PodReadAnswer.Found.class,
                        found -> assertThat(found.pod().uid().value()).isEqualTo("u"));
        assertThat(Answers.podRead(status(404, "NotFound", "not found"))).isEqualTo(new PodReadAnswer.Gone());
        assertThat(Answers.podRead(ApiResponse.of(404, "nothing here"))).isInstanceOf(PodReadAnswer.Unknown.class);
        assertThat(Answers.podRead(ApiResponse.of(200, "{\"metadata\":"))).isInstanceOf(PodReadAnswer.Unknown.class);
        assertThat(Answers.podRead(ApiResponse.of(200, "{}"))).isInstanceOf(PodReadAnswer.Unknown.class);
        assertThat(Answers.podRead(status(403, "Forbidden", "no"))).isInstanceOf(PodReadAnswer.Unknown.class);
    }
}
