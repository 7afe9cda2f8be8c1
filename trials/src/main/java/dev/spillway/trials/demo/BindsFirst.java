package dev.spillway.trials.demo;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.port.Binding;
import dev.spillway.core.step.Effect;
import java.util.ArrayList;

/** A bug around the engine: pods are bound before an instance was acquired for them. The demonstration must notice it. */
final class BindsFirst implements Seams {
    // For a test of the demonstration. Not for anybody else, so no option.
    private static final String PROPERTY = "spillway.demo.binds-first";

    /** In production nothing; the bug where a test of this process asked for it. */
    static Seams ifAsked() {
        return Boolean.getBoolean(PROPERTY) ? new BindsFirst() : Seams.NONE;
    }

    @Override
    public Turns around(Turns engine) {
        return (event, now) -> {
            var effects = new ArrayList<Effect>();
            for (var effect : engine.on(event, now)) {
                if (effect instanceof Effect.Acquire acquire) {
                    effects.add(new Effect.Bind(binding(acquire)));
                }
                effects.add(effect);
            }
            return effects;
        };
    }

    private static Binding binding(Effect.Acquire acquire) {
        var tags = acquire.request().tags();
        var node = Names.nodeOf(tags.offer().zone().value());
        return new Binding(tags.pod(), tags.podUid(), node, Labels.empty(), Labels.empty());
    }
}
