/**
 * Conversations with a real API server, recorded, and held again with the store.
 *
 * <p>Each file under {@code src/test/resources/conversations} is a list of requests with what kube-apiserver 1.37.2 answered.
 * {@link dev.spillway.embedded.conversation.ConversationTest} asks the store the same. To add one, write the requests without
 * answers and let {@link dev.spillway.embedded.conversation.Recorder} fill them in.
 *
 * <p>These pin whole answers, to the last field, of a bare server without controllers. What a full control plane does, a rule a file
 * and readable, is {@code scenarios/api}, which a real cluster is asked as well.
 */
@NullMarked
package dev.spillway.embedded.conversation;

import org.jspecify.annotations.NullMarked;
