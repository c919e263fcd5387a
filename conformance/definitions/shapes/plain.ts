export const nothing = (): void => {};

export const noEvents = (): readonly [] => [];

export const passes = (): boolean => true;
