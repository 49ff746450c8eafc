// The contract itself, generated: for calls that this package has no words for, over any transport of Connect.
export * from "./gen/vermilion/v1/spelling_pb.js";
export * from "./gen/vermilion/v1/polishing_pb.js";
export * from "./gen/vermilion/v1/settings_pb.js";
export * from "./gen/google/rpc/error_details_pb.js";
export * from "./gen/vermilion/v1/caller_pb.js";
