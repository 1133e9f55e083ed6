/** Geometry of the graph in px (UI §6). */
export const NODE_WIDTH = 180;
export const NODE_HEIGHT = 44;
/** Between ranks, left to right. */
export const RANK_GAP = 56;
/** Between rows of a rank. */
export const ROW_GAP = 12;
export const RANK_PITCH = NODE_WIDTH + RANK_GAP;
