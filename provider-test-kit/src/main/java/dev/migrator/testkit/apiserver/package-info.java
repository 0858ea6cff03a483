/**
 * An in-process Kubernetes API server for tests: storage, watches and the rules of the API, with
 * hooks for admission, faults and rights, and a log of every request.
 *
 * <p>It knows kinds, not KubeVirt's behaviour: that is the simulator's.
 */
@NullMarked
package dev.migrator.testkit.apiserver;

import org.jspecify.annotations.NullMarked;
