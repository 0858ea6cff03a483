package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Admission} is asked about.
 *
 * @param side the cluster
 * @param operation {@link Verb#CREATE}, {@link Verb#UPDATE} (also for patches) or {@link
 *     Verb#DELETE}
 * @param group API group of the object
 * @param kind kind of the object
 * @param subresource such as {@code status}, empty for the object itself
 * @param namespace the namespace, empty for cluster-scoped objects
 * @param name the name, already generated where the request asked for that
 * @param object the object as it would be stored, a JSON tree of maps, lists and values that the
 *     admission <b>may change in place</b>; null for a deletion
 * @param old the object as it is stored, read-only; null for a creation
 * @param dryRun whether nothing will be stored
 * @param user who asked, after impersonation
 */
public record AdmissionReview(
    Side side,
    Verb operation,
    String group,
    String kind,
    String subresource,
    String namespace,
    String name,
    @Nullable Map<String, Object> object,
    @Nullable Map<String, Object> old,
    boolean dryRun,
    String user) {}
