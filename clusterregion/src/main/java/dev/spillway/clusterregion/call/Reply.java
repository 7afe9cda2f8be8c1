package dev.spillway.clusterregion.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** What came of a request. No text of it shows a body: it may be a Secret's. */
public sealed interface Reply {
    /** A success with an object in it. */
    record Done(JsonNode object) implements Reply {
        @Override
        public String toString() {
            return "Done";
        }
    }

    /**
     * A definite no by the API server itself: the body is its {@code Status}.
     *
     * @param reason of the status, such as NotFound, AlreadyExists, Forbidden
     * @param message of the status, cut to a line, without what it quotes of a secret: for people
     * @param retryAfterSeconds that it asks to wait, 0 where it does not say
     */
    record No(int code, String reason, String message, long retryAfterSeconds, JsonNode status) implements Reply {
        /**
         * How the server begins where rights are missing; admission quotes what a tenant wrote, so that no word further on proves anything. The group says which
         * right, without the names of objects and namespaces around it.
         */
        private static final Pattern BY_RIGHTS = Pattern.compile(
                "[a-z0-9./-]+( \"[^\"]*\")? is forbidden: "
                        + "(?:(?<right>User \"[^\"]*\" cannot [a-z]+ resource \"[a-z0-9./-]+\" in API group \"[a-z0-9.-]*\")|User )");

        /** Whether the server says that there is no such object. */
        public boolean isNotFound() {
            return code == 404 && reason.equals("NotFound");
        }

        /** Whether it has had too many calls. */
        public boolean isThrottled() {
            return code == 429;
        }

        /** Whether it is the rights of the caller that are missing, and not something in the object. */
        public boolean isUnauthorised() {
            return code == 401 || (code == 403 && BY_RIGHTS.matcher(said()).lookingAt());
        }

        /** Whether the server said this, in whatever was taken out, too: for what is decided by its words, never to be shown. */
        public boolean says(String words) {
            return said().contains(words);
        }

        private String said() {
            return status.path("message").asText(message);
        }

        /** Whether it is rights that are missing, while the credentials are accepted. */
        public boolean isForbidden() {
            return code == 403 && isUnauthorised();
        }

        /** Whether the same request would be answered likewise a little later; what is not accepted now may be a token that is just being renewed. */
        public boolean isFinal() {
            return code < 500 && code != 401 && code != 408 && code != 429;
        }

        private String forAll() {
            var rights = BY_RIGHTS.matcher(message);
            var right = code == 403 && rights.lookingAt() ? rights.group("right") : null;
            return "it answered %d%s".formatted(code, right == null ? "" : ": " + right);
        }

        @Override
        public String toString() {
            return "%d %s".formatted(code, reason);
        }
    }

    /**
     * Nothing that can be trusted: no answer, or not one of an API server.
     *
     * @param why for people, without what surrounds it
     * @param isUndelivered whether the request certainly never left
     */
    record Silent(String why, boolean isUndelivered) implements Reply {
        /** Of a request that was not sent, since others about the same object had no answer yet. */
        public static final Silent BUSY = new Silent("an earlier request about it has no answer yet", true);
    }

    /** Likewise, for what closes a region or an offer to everybody: a server's own words may be about one tenant's pod. */
    default String whyForAll() {
        return this instanceof No no && no.code() != 401 ? no.forAll() : why();
    }

    /** Why it is not {@link Done}, for people; empty where it is. */
    default String why() {
        return switch (this) {
            case Done done -> "";
            case No no when no.code() == 401 -> "it does not accept the credentials (401)";
            case No no -> "it answered %d%s".formatted(no.code(), no.message().isEmpty() ? "" : ": " + no.message());
            case Silent silent -> silent.why();
        };
    }
}
