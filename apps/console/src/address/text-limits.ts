/** As the API has them, in code points. */
export const JOB_ID_MAX_CHARACTERS = 200;
export const TYPE_MAX_CHARACTERS = 128;
