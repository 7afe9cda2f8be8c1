package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.anInstance;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Regions with a number of instances in stock, which answer each effect at once. A test replaces single answers to show what it is
 * about; what no region is asked does not compile.
 */
final class FakeRegions {
    /** What is left, by region; a region that is not named has nothing. */
    final Map<String, Integer> stock = new TreeMap<>();

    final Map<InstanceId, Instance> instances = new LinkedHashMap<>();
    private int nextInstance = 1;

    Function<Effect.Acquire, AcquireAnswer> onAcquire = this::sell;
    Function<Effect.Terminate, TerminateAnswer> onTerminate = terminate -> new TerminateAnswer.Gone();
    Function<Effect.Find, FindAnswer> onFind =
            find -> found(in(find).filter(instance -> instance.tags().podUid().equals(find.uid())));
    Function<Effect.Describe, FindAnswer> onDescribe = this::describe;
    Function<Effect.ListInstances, ListAnswer> onList = list -> new ListAnswer.Complete(
            in(list).filter(instance -> instance.state().isLive()).toList());

    /** So much comes into stock. */
    void restock(String region, int more) {
        stock.merge(region, more, Integer::sum);
    }

    Event answer(Effect.ToRegion effect) {
        return switch (effect) {
            case Effect.Acquire e -> new Event.AcquireAnswered(e, onAcquire.apply(e));
            case Effect.Terminate e -> {
                var answer = onTerminate.apply(e);
                if (answer instanceof TerminateAnswer.Gone) {
                    instances.remove(e.instance());
                }
                yield new Event.TerminateAnswered(e, answer);
            }
            case Effect.Find e -> new Event.FindAnswered(e, onFind.apply(e));
            case Effect.Describe e -> new Event.DescribeAnswered(e, onDescribe.apply(e));
            case Effect.ListInstances e -> new Event.InstancesListed(e, onList.apply(e));
        };
    }

    /** Sells from the region's stock; the same pod and incarnation get the same instance again. */
    AcquireAnswer sell(Effect.Acquire effect) {
        var tags = effect.request().tags();
        Predicate<Instance> isTheSame = known ->
                known.tags().podUid().equals(tags.podUid()) && known.tags().incarnation() == tags.incarnation();
        var known = in(effect).filter(isTheSame).findFirst();
        if (known.isPresent()) {
            return new AcquireAnswer.Accepted(known.get());
        }
        var region = effect.region().value();
        int left = stock.getOrDefault(region, 0);
        if (left == 0) {
            return new AcquireAnswer.Refused(new Refusal.OutOfStock("no stock"));
        }
        stock.put(region, left - 1);
        return new AcquireAnswer.Accepted(
                put(anInstance("i-" + nextInstance++).tags(tags).build()));
    }

    /** There is this instance, or this is what has become of it. */
    Instance put(Instance instance) {
        instances.put(instance.id(), instance);
        return instance;
    }

    FindAnswer describe(Effect.Describe describe) {
        return found(Stream.ofNullable(instances.get(describe.instance())));
    }

    private Stream<Instance> in(Effect.ToRegion effect) {
        return instances.values().stream()
                .filter(instance -> instance.tags().offer().region().equals(effect.region()));
    }

    private static FindAnswer found(Stream<Instance> instances) {
        return instances.<FindAnswer>map(FindAnswer.Found::new).findFirst().orElseGet(FindAnswer.NotFound::new);
    }
}
