package dev.spillway.clusterregion.surroundings;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Tags;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a pod in the region needs around it: its namespace, copies of what it names, tokens of its service account. Thread-safe. */
public final class Surroundings {
    private final Namespaces namespaces;
    private final HomeNamespaces homeNamespaces;
    private final Copies copies;
    private final HomeTokens tokens;

    /**
     * None yet.
     *
     * @param clock wall time, by which tokens end
     */
    public Surroundings(String clusterId, CopyTimes times, InstantSource clock) {
        this.homeNamespaces = new HomeNamespaces(times.lately());
        this.copies = new Copies(clusterId, times);
        this.tokens = new HomeTokens(clusterId, clock, times.unneeded());
        this.namespaces = new Namespaces(clusterId, namespace -> {
            copies.doubt(namespace);
            tokens.doubt(namespace);
        });
    }

    /**
     * What one pod needs.
     *
     * @param namespace in the region
     * @param pod its name there
     */
    public record Need(Tags tags, String namespace, String pod, References references, AccountTokens tokens) {
        private boolean takesSecrets() {
            return references.haveSecret() || !tokens.sources().isEmpty();
        }
    }

    /**
     * Sees to everything and then makes the pod; meanwhile nothing of it is deleted.
     *
     * @param make makes the pod
     */
    public AcquireAnswer with(Calls home, Calls region, Need need, Supplier<AcquireAnswer> make) {
        var homeNamespace = need.tags().pod().namespace();
        var problem = need.takesSecrets() ? homeNamespaces.problem(home, homeNamespace) : null;
        if (problem != null) {
            return problem;
        }
        var answer = attempt(home, region, need, make);
        if (isWithoutNamespace(answer, region, need.namespace())) {
            namespaces.forget(need.namespace());
            answer = attempt(home, region, need, make);
        }
        return answer;
    }

    /**
     * Copies what a container names that is added to a pod later, and then adds it.
     *
     * @param add adds it once everything is there
     * @param problem makes the answer where it cannot be
     */
    public <A> A withCopies(
            Calls home, Calls region, Copies.Need need, Supplier<A> add, Function<AcquireAnswer, A> problem) {
        var why = need.references().haveSecret() ? homeNamespaces.problem(home, need.homeNamespace()) : null;
        return why != null ? problem.apply(why) : copies.with(home, region, need, add, problem);
    }

    private AcquireAnswer attempt(Calls home, Calls region, Need need, Supplier<AcquireAnswer> make) {
        var homeNamespace = need.tags().pod().namespace();
        var problem = namespaces.ensure(region, need.namespace(), homeNamespace);
        if (problem != null) {
            return problem;
        }
        var ofCopies = new Copies.Need(homeNamespace, need.namespace(), need.references());
        var ofTokens = new HomeTokens.Need(need.tags(), need.tokens(), need.namespace(), need.pod());
        return copies.with(
                home, region, ofCopies, () -> tokens.with(home, region, ofTokens, make), Function.identity());
    }

    /** Whether the region said of the request that was refused that there is no such namespace, or not for long: it was deleted behind our back. */
    private static boolean isWithoutNamespace(AcquireAnswer answer, Calls region, String namespace) {
        return answer instanceof AcquireAnswer.Refused(Refusal.Invalid _)
                && region.last() instanceof Reply.No no
                && (no.says("namespaces \"%s\" not found".formatted(namespace))
                        || no.says("because it is being terminated"));
    }

    /**
     * Deletes what nobody needs, before anything is asked of the home cluster, which may take all the time there is, and brings the rest up to date. For
     * one thread.
     *
     * @param naming all pods that are known in the region
     * @param holders those of them that mount tokens
     * @return why something could not be done, null where all was
     */
    public @Nullable String tend(
            Calls home, Calls region, List<Copies.Holder> naming, List<HomeTokens.Holder> holders) {
        var why = copies.sweep(region, naming);
        why = firstOf(why, tokens.sweep(region, holders));
        why = firstOf(why, copies.tend(home, region, naming));
        return firstOf(why, tokens.tend(home, region, holders));
    }

    private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
        return first != null ? first : second;
    }

    /** A home pod was seen, with {@link dev.spillway.kube.translate.Decoded#edits}; returns at once. */
    public void edited(InstanceId instance, long edits) {
        copies.edited(instance, edits);
    }

    /** The home pod runs there no longer, or is not to; returns at once. */
    public void ending(InstanceId instance) {
        copies.ending(instance);
    }
}
